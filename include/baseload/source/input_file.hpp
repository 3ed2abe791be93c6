#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <string>
#include <utility>

namespace baseload {

// A source's bytes, opened once and read by position, so that both passes see the same
// file even when its name meanwhile points to another. Standard input ("-") is spooled
// to a temporary file that no name leads to. Move-only; closes on destruction.
class input_file {
public:
    // Throws command_error(usage) for what cannot be read: absent, a directory, no permission.
    explicit input_file(const std::filesystem::path& path);
    input_file(const std::filesystem::path& path, std::string name) : input_file(path) { name_ = std::move(name); }
    ~input_file();
    input_file(input_file&& other) noexcept;
    input_file& operator=(input_file&&) = delete;
    input_file(const input_file&) = delete;
    input_file& operator=(const input_file&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }  // for messages
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] int descriptor() const { return descriptor_; }  // open as long as this lives

    // Whether the file was written to since it was opened (its size or time of change differ).
    // That its name leads to another file now is no change.
    [[nodiscard]] bool has_changed() const;

    // Fills `into` up to `count` bytes; fewer only at the end of the file. Throws
    // command_error(stopped) on a read error, which is never taken for the end.
    [[nodiscard]] std::size_t read_at(std::uint64_t offset, char* into, std::size_t count) const;

private:
    void spool_standard_input();

    std::string name_;
    int descriptor_ = -1;
    std::uint64_t size_ = 0;
    std::timespec written_{};
};

}  // namespace baseload
