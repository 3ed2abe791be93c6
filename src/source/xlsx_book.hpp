#pragma once

#include "baseload/source/input_file.hpp"
#include "number_format.hpp"
#include "shared_strings.hpp"
#include "sheet_reader.hpp"
#include "zip_archive.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace baseload {

// What an .xlsx or .xlsm workbook says beside its rows (ECMA-376, ISO/IEC 29500): sheets,
// number formats, shared strings. Read once, and used by every reader of its sheets.
class xlsx_book {
public:
    // Throws stop(usage) for a workbook that is broken. Keeps a reference to the file.
    explicit xlsx_book(const input_file& file);

    [[nodiscard]] const std::vector<sheet_info>& sheets() const { return sheets_; }
    [[nodiscard]] std::unique_ptr<sheet_reader> read(std::size_t sheet) const;

    // For the reader of a sheet. They throw stop(usage) for a number that dangles.
    [[nodiscard]] std::string_view shared_string(std::string_view index) const;
    [[nodiscard]] const number_format& format(std::string_view style) const;
    [[nodiscard]] bool since_1904() const { return since_1904_; }

private:
    [[nodiscard]] std::map<std::string, std::string> relations_of(const std::string& part) const;
    [[nodiscard]] std::string part_of_kind(const std::string& relations, std::string_view kind) const;
    void read_workbook(const std::string& part);
    void read_styles(const std::string& part);
    [[noreturn]] void refuse(const std::string& problem) const;

    std::string name_;
    zip_archive archive_;
    std::vector<sheet_info> sheets_;
    std::vector<std::string> parts_;  // of the sheets
    std::vector<number_format> formats_;
    shared_strings strings_;
    bool since_1904_ = false;
};

}  // namespace baseload
