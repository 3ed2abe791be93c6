#pragma once

#include "baseload/core/client.hpp"
#include "baseload/core/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// The files that extra fields hold (src/api/README.md, custom_extra_fields).

namespace baseload {

inline constexpr std::size_t largest_file = std::size_t{2} << 20U;  // bytes; the service takes 2 MB
inline constexpr std::size_t max_title = 40;                        // characters

// Finds the files that cells name, in the folder that the job names and below it. Whoever wrote the cell shall not
// choose among all files of the machine: a name that leads out of the folder is a fault, on whatever way (.., a link),
// and so is a file of the program's own (its job, journal, token).
class attached_files {
public:
    explicit attached_files(std::vector<std::filesystem::path> own_files) : own_files_(std::move(own_files)) {}

    // The file, its contents read for their fingerprint. A fault for one that is not there, empty or too large, and for
    // a name longer than a title, unless that is to be cut.
    [[nodiscard]] result<field_value> find(const std::filesystem::path& folder, const std::string& name,
                                           bool cut_title) const;

    // Another text whenever the file may be another: by its size and its times, without reading it.
    [[nodiscard]] static std::string version_of(const std::filesystem::path& folder, const std::string& name);

private:
    [[nodiscard]] bool is_own(int descriptor) const;

    std::vector<std::filesystem::path> own_files_;
};

// The bytes of a file that `find` found. A fault when it cannot be read or has become another since.
[[nodiscard]] result<std::string> read_attached(const field_file& file);

}  // namespace baseload
