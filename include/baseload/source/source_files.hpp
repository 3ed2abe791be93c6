#pragma once

#include <sys/types.h>
#include <time.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

// A file as it was found: that another one has taken its name, or that somebody has written to it, is seen by the rest.
struct source_file {
    std::filesystem::path path;
    ::dev_t device = 0;
    ::ino_t inode = 0;
    ::off_t size = 0;
    ::timespec written = {};
};

struct source_files {
    std::vector<source_file> found;                 // each once
    std::vector<std::filesystem::path> unmatched;   // patterns that no file matches
    std::vector<std::filesystem::path> unfinished;  // that a pattern matches, left for the next time

    [[nodiscard]] std::vector<std::filesystem::path> paths() const;
};

// What the paths name, in their order: a pattern stands for the files that match it, by their names. Of these, one that
// somebody has open for writing, or that was written to less than `settle` ago, is not finished, perhaps. "-" and files
// that are not there stay as they are: whoever opens them says what is wrong.
[[nodiscard]] source_files find_source_files(const std::vector<std::filesystem::path>& paths,
                                             std::chrono::milliseconds settle);

// Moves the file into the folder, which is made if need be, under its name with a date and time before the ending
// ("clients-20261127-021500.csv"), and never over another file. Returns where it is. Nothing where it is not the file
// that was found any more: it stays for the next run. Throws command_error(stopped) when it cannot be moved; it is then
// where it was.
[[nodiscard]] std::optional<std::filesystem::path>
move_aside(const source_file& file, const std::filesystem::path& folder, const std::string& date_and_time);

}  // namespace baseload
