// A record's key and shape, by the bound rules.
#include "baseload/core/text.hpp"
#include "baseload/mapping/mapper.hpp"
#include "excel_damage.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {
namespace {

// The first text right of the header's columns.
std::string beyond(const record& row, std::size_t columns) {
    for (std::size_t i = columns; i < row.cells.size(); ++i) {
        if (const std::string_view text = trimmed(row.cells[i]); !text.empty()) {
            return fmt::format(" (cell {} holds {})", i + 1, in_quotes(text));
        }
    }
    return {};
}

}  // namespace

std::string mapper::key_of(const record& row) const {
    if (key_columns_.size() == 1) {
        // One column's key is its cell, without escapes: it is shown to people, typed into commands, and found in the
        // account.
        std::string key = normalised_key(row.cells[key_columns_.front()]);
        return is_blank_word(key) ? std::string{} : key;
    }
    std::string key;
    bool blank = true;
    for (const std::size_t column : key_columns_) {
        key += key.empty() && column == key_columns_.front() ? "" : "|";
        std::string cell = normalised_key(row.cells[column]);
        if (is_blank_word(cell)) {
            cell.clear();
        }
        blank = blank && cell.empty();
        for (const char c : cell) {
            // Escaped, or ("a|", "b") and ("a", "|b") would be one key.
            if (c == '|' || c == '\\') {
                key += '\\';
            }
            key += c;
        }
    }
    return blank ? std::string{} : key;
}

// Before anything else looks at the cells: key_of() and map() index them by the header.
std::vector<fault> mapper::check_shape(const record& row) const {
    if (row.cells.size() == header_.size()) {
        const auto spoilt = spoilt_key(row);
        return spoilt ? std::vector<fault>{*spoilt} : std::vector<fault>{};
    }
    const bool fewer = row.cells.size() < header_.size();
    // The other faults of such a row would name the wrong columns.
    return {{.code = fault_code::ragged,
             .where = {source_, row.line, {}},
             .found = {},
             .problem = fmt::format("the row has {}, and the header names {}{}", counted(row.cells.size(), "cell"),
                                    counted(header_.size(), "column"), beyond(row, header_.size())),
             .remedy = fewer ? "add what is missing; where all such rows are meant, set [source] ragged = \"pad\""
                             : "put a cell that holds the delimiter in quotes; in a sheet, move what stands beside the "
                               "table, or name its column"}};
}

// A key that is one of many cut to the same digits would make one client of many customers.
std::optional<fault> mapper::spoilt_key(const record& row) const {
    for (const std::size_t column : key_columns_) {
        const cell_flaw flaw = flaw_at(row, column);
        const std::string_view cell = trimmed(row.cells[column]);
        std::optional<fault> found = damage_of(cell);
        if (flaw != cell_flaw::none || cell == "#N/A") {  // which clears a field, but no key
            found = fault_of(flaw == cell_flaw::none ? cell_flaw::error : flaw, cell);
        }
        if (found) {
            found->where = {source_, row.line, header_[column]};
            return found;
        }
    }
    return std::nullopt;
}

}  // namespace baseload
