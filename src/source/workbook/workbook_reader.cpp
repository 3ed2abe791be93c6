#include "source/workbook/workbook_reader.hpp"

#include "source/workbook/sheet_header.hpp"

#include <algorithm>

namespace baseload {
namespace {

// Never part of a text in a workbook: XML does not have them, and where they are escaped they become spaces.
// They keep records apart whose cells would otherwise read alike: "ab" | "c" and "a" | "bc".
constexpr char between_cells = '\x1F';
constexpr char after_flaw = '\x1E';

}  // namespace

// Blank rows inside a table are passed over, as blank lines of a CSV file are.
bool workbook_reader::next(record& into) {
    const sheet_row* row = rows_->next();
    while (row != nullptr && (row->number < first_row_ || used_columns(*row) == 0)) {
        row = rows_->next();
    }
    if (row == nullptr) {
        return false;
    }
    // Hidden rows are customers like others: a filter that somebody left on must not drop them without a word.
    hidden_ += row->hidden ? 1 : 0;
    into.line = row->number;
    into.cells.clear();
    into.flaws.clear();
    raw_.clear();
    // A row beyond the header's columns keeps its cells, and so is ragged: the mapping tells it.
    const std::size_t columns = std::max(header().size(), used_columns(*row));
    for (std::size_t column = 0; column < columns; ++column) {
        into.cells.push_back(row->text(column));
        raw_ += row->text(column);
        const cell_flaw flaw = column < row->size() ? row->at(column).flaw : cell_flaw::none;
        if (flaw != cell_flaw::none) {
            into.flaws.push_back({column, flaw});
            raw_ += after_flaw;
        }
        raw_ += between_cells;
    }
    into.raw = raw_;
    return true;
}

}  // namespace baseload
