#include "source/workbook/workbook_reader.hpp"

#include "baseload/core/text.hpp"
#include "source/workbook/sheet_header.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace baseload {
namespace {

// Never part of a text in a workbook: XML does not have them, and where they are escaped they become spaces.
// They keep records apart whose cells would otherwise read alike: "ab" | "c" and "a" | "bc".
constexpr char between_cells = '\x1F';
constexpr char after_flaw = '\x1E';

constexpr std::size_t max_named_places = 3;

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

// Whoever merges the city of three customers sees it beside each of them, and two are sent without. Other programs
// leave values below the first cell, which are read and nobody sees.
std::vector<std::string> workbook_reader::remarks() const {
    std::vector<std::string> places;
    for (const merged_cells& cells : rows_->merged()) {
        if (cells.last_row >= first_row_) {
            places.push_back(cells.place);
        }
    }
    if (places.empty()) {
        return {};
    }
    const std::size_t count = places.size();
    if (count > max_named_places) {
        places.resize(max_named_places);
        places.push_back(fmt::format("{} more places", count - max_named_places));
    }
    return {fmt::format("cells are merged in {}: the value belongs to the first of them alone, and what stands in the "
                        "others is not seen; unmerge them and fill in each row",
                        listed(places))};
}

}  // namespace baseload
