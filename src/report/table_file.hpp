#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace baseload {

// A table for people, row by row, written whole or not at all: without close() what stood there before stays.
class table_file {
public:
    virtual ~table_file() = default;

    virtual void write(const std::vector<std::string>& cells) = 0;  // the first row is the header
    virtual void close() = 0;

    // Why it could not be opened, written or put in its place; blank so far.
    [[nodiscard]] virtual const std::string& problem() const = 0;
};

// A workbook where the name ends in .xlsx, else CSV: UTF-8 with a byte order mark, by which Excel knows it.
[[nodiscard]] std::unique_ptr<table_file> open_table_file(const std::filesystem::path& path, char delimiter);

}  // namespace baseload
