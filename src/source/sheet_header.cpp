#include "sheet_header.hpp"

#include "baseload/core/text.hpp"
#include "baseload/source/dialect.hpp"

#include <algorithm>
#include <string_view>

namespace baseload {
namespace {

// A column may be called by the year whose figures it holds.
bool is_year(std::string_view text) {
    return text.size() == 4 && (text.starts_with("19") || text.starts_with("20"));
}

// Whether it has a number, a date, or what else no column is called.
bool has_data(const sheet_row& row) {
    for (std::size_t column = 0; column < row.size(); ++column) {
        const std::string_view text = trimmed(row.text(column));
        if (!text.empty() && !is_year(text) && (!row.at(column).is_text || looks_like_data(text))) {
            return true;
        }
    }
    return false;
}

// Of the columns that more than half of the rows below use, how many the row has a text for.
struct coverage {
    std::size_t used = 0;
    std::size_t named = 0;

    [[nodiscard]] bool is_whole() const { return named == used; }
    [[nodiscard]] bool is_most() const { return named >= 2 && named * 2 > used; }
};

coverage coverage_of(const std::vector<sheet_row>& rows, std::size_t header) {
    std::vector<std::size_t> uses;
    for (std::size_t i = header + 1; i < rows.size(); ++i) {
        uses.resize(std::max(uses.size(), rows[i].size()));
        for (std::size_t column = 0; column < rows[i].size(); ++column) {
            uses[column] += trimmed(rows[i].text(column)).empty() ? 0 : 1;
        }
    }
    const std::size_t below = rows.size() - header - 1;
    coverage found;
    for (std::size_t column = 0; column < uses.size(); ++column) {
        if (uses[column] * 2 > below) {
            ++found.used;
            found.named += trimmed(rows[header].text(column)).empty() ? 0 : 1;
        }
    }
    return found;
}

}  // namespace

std::size_t used_columns(const sheet_row& row) {
    std::size_t columns = row.size();
    while (columns > 0 && trimmed(row.text(columns - 1)).empty() && row.at(columns - 1).flaw == cell_flaw::none) {
        --columns;
    }
    return columns;
}

std::optional<std::size_t> find_header(const std::vector<sheet_row>& first_rows) {
    std::size_t widest = 0;
    for (const sheet_row& row : first_rows) {
        widest = std::max(widest, used_columns(row));
    }
    for (std::size_t i = 0; i < first_rows.size(); ++i) {
        const bool wide_enough = used_columns(first_rows[i]) >= std::min<std::size_t>(widest, 2);
        const coverage found = coverage_of(first_rows, i);
        const bool is_data = has_data(first_rows[i]);
        // A header that leaves a column unnamed, rather than the first customer below it.
        if (wide_enough && !is_data && (found.is_whole() || found.is_most())) {
            return i;
        }
        if (wide_enough && is_data && found.is_whole()) {
            return std::nullopt;  // the first customer, who stands below no header
        }
    }
    return std::nullopt;
}

}  // namespace baseload
