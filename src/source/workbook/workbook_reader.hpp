#pragma once

#include "baseload/source/record_reader.hpp"
#include "source/workbook/sheet_reader.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace baseload {

// The records of a sheet: each row below the header that is not blank, its cells padded to the
// header's columns.
class workbook_reader final : public record_reader {
public:
    // Reads the rows from number `first_row` on.
    workbook_reader(std::unique_ptr<sheet_reader> rows, column_names columns, std::uint64_t first_row)
        : rows_(std::move(rows)), columns_(std::move(columns)), first_row_(first_row) {}

    [[nodiscard]] const column_names& columns() const override { return columns_; }
    [[nodiscard]] bool next(record& into) override;

    // Cells that are merged in these rows: in the others but the first there is nothing, or what nobody sees.
    [[nodiscard]] std::vector<std::string> remarks() const override;

    // Of the records so far.
    [[nodiscard]] std::uint64_t hidden() const { return hidden_; }

private:
    std::unique_ptr<sheet_reader> rows_;
    column_names columns_;
    std::uint64_t first_row_;
    std::uint64_t hidden_ = 0;
    std::string raw_;
};

}  // namespace baseload
