#pragma once

#include "baseload/source/input_file.hpp"
#include "source/byte_stream.hpp"

#include <zip.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

// What a zip file holds. Whatever it says of itself may be a lie: a part is only read as far
// as it declares, and not at all when it would unpack to more than any table does.
class zip_archive {
public:
    // Throws command_error(usage) for what is no zip file, or a broken one. Keeps a reference to the file.
    explicit zip_archive(const input_file& file);

    // In the archive's order, without folders, "/" between folder and name.
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
    // Here and below, where none has the very name, one that differs by case alone is meant.
    [[nodiscard]] bool has(const std::string& part) const;

    // A part's content, by an open file of its own. Throws command_error(usage) for a part that is
    // absent, encrypted or a bomb; reading it throws for a wrong checksum or size.
    [[nodiscard]] std::unique_ptr<byte_stream> open(const std::string& part) const;

    // All of a part that cannot be long. Throws command_error(usage) for one of more than 64 MiB.
    [[nodiscard]] std::string content(const std::string& part) const;

private:
    using handle = std::unique_ptr<zip_t, decltype(&zip_discard)>;

    [[nodiscard]] handle open_archive() const;
    [[nodiscard]] std::optional<std::uint64_t> index_of(const std::string& part) const;
    [[noreturn]] void refuse(const std::string& problem) const;

    const input_file& file_;
    std::vector<std::string> names_;
    std::vector<std::uint64_t> indices_;  // of these, in the archive
};

}  // namespace baseload
