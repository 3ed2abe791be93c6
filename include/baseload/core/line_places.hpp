#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace baseload {

// A line, or a sheet's row, of one file.
struct source_line {
    std::string file;
    std::uint64_t line = 0;
};

// Which line of which file the line of a record is. Where several files are read as one source their lines are counted
// on, so that each line has one number in the whole source; people are told the file and its own line.
class line_places {
public:
    explicit line_places(std::string first_file) : files_{{0, std::move(first_file)}} {}

    // From the line behind `last_line` on, lines are those of this file. Known once the files before it were read.
    void begin_file(std::uint64_t last_line, std::string file);

    [[nodiscard]] std::size_t file_count() const { return files_.size(); }
    [[nodiscard]] bool are_of_one_file() const { return files_.size() == 1; }
    [[nodiscard]] source_line at(std::uint64_t line) const;

    // For people: "12", or "b.csv:12" where there are several files; and "clients.csv, line 12".
    [[nodiscard]] std::string word(std::uint64_t line) const;
    [[nodiscard]] std::string text(std::uint64_t line) const;
    // "line 12", or "b.csv, line 12" where there are several files.
    [[nodiscard]] std::string short_text(std::uint64_t line) const;

private:
    struct part {
        std::uint64_t before = 0;  // the last line of the file before
        std::string file;
    };
    std::vector<part> files_;
};

// Files that are read as one source, in few words: the first three, and how many more.
[[nodiscard]] std::string few_names(const std::vector<std::string>& files);

}  // namespace baseload
