#pragma once

#include "baseload/source/input_file.hpp"
#include "source/workbook/sheet_reader.hpp"
#include "source/zip_archive.hpp"

#include <memory>
#include <string>
#include <vector>

namespace baseload {

// An .ods workbook (OpenDocument 1.3, ISO/IEC 26300): one document holds all of its sheets.
class ods_book {
public:
    // Throws command_error(usage) for a workbook that is broken or encrypted. Keeps a reference to the file.
    explicit ods_book(const input_file& file);

    [[nodiscard]] const std::vector<sheet_info>& sheets() const { return sheets_; }
    [[nodiscard]] std::unique_ptr<sheet_reader> read(std::size_t sheet) const;

private:
    std::string name_;
    zip_archive archive_;
    std::vector<sheet_info> sheets_;
};

}  // namespace baseload
