#pragma once

#include "baseload/source/input_file.hpp"
#include "source/workbook/sheet_reader.hpp"
#include "source/workbook/xlsx_tables.hpp"
#include "source/zip_archive.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace baseload {

// What an .xlsx or .xlsm workbook says beside its rows (ECMA-376, ISO/IEC 29500): sheets,
// number formats, shared strings. Read once, and used by every reader of its sheets.
class xlsx_book {
public:
    // Throws command_error(usage) for a workbook that is broken. Keeps a reference to the file.
    explicit xlsx_book(const input_file& file);

    [[nodiscard]] const std::vector<sheet_info>& sheets() const { return sheets_; }
    [[nodiscard]] std::unique_ptr<sheet_reader> read(std::size_t sheet) const;

private:
    [[nodiscard]] std::map<std::string, std::string> relations_of(const std::string& part) const;
    [[nodiscard]] std::string part_of_kind(const std::string& relations, std::string_view kind) const;
    void read_workbook(const std::string& part);
    void read_styles(const std::string& part);

    std::string name_;
    zip_archive archive_;
    std::vector<sheet_info> sheets_;
    std::vector<std::string> parts_;  // of the sheets
    xlsx_tables tables_;
};

}  // namespace baseload
