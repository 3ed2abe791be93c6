#pragma once

#include <filesystem>

namespace baseload {

// The one name of a journal's file, by which it is locked. Throws command_error(usage) for what is no file, and for a
// file that has several names.
[[nodiscard]] std::filesystem::path journal_file_to_write(const std::filesystem::path& file);

// What SQLite opens to read it (https://www.sqlite.org/uri.html). Throws command_error(usage) for what is no file.
[[nodiscard]] std::filesystem::path journal_file_to_read(const std::filesystem::path& file);

}  // namespace baseload
