#pragma once

#include "baseload/core/rejection.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {

class table_file;

// The rejected rows as a CSV file, or a workbook where its name ends in .xlsx, that can be corrected and loaded again
// with the same job: the source's own columns in its own dialect, then line, code and message. A source that
// is itself such a file gets them once. What an earlier run left stands until close() (output_file). Throws
// command_error(stopped) when it cannot be written, command_error(usage) when it cannot be begun.
class rejects_file {
public:
    // `has_files`: the source consists of several, and each row's is named in a column before those three.
    rejects_file(std::filesystem::path path, const std::vector<std::string>& header, char delimiter,
                 bool has_files = false);

    ~rejects_file();

    void add(const rejection& r);
    // A row that was sent, with what is implausible in it: its codes are led by "warning:".
    void add_warned(const rejection& r) { add(r, "warning:"); }
    void close();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    void add(const rejection& r, std::string_view mark);
    void write(const std::vector<std::string>& cells);
    [[noreturn]] void refuse(const std::string& reason) const;

    std::filesystem::path path_;
    std::size_t columns_;  // of the source
    bool has_reasons_;     // the source's last columns are line, code and message
    bool has_files_;       // a column says which file a row is of
    std::unique_ptr<table_file> out_;
};

}  // namespace baseload
