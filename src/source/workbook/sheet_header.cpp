#include "source/workbook/sheet_header.hpp"

#include "baseload/core/text.hpp"
#include "baseload/source/cell_content.hpp"

#include <algorithm>
#include <string_view>

namespace baseload {
namespace {

// A column may be called by the year whose figures it holds. Its four digits would otherwise be a number, and make a
// customer of the header.
bool is_year(std::string_view text) {
    return text.size() == 4 && (text.starts_with("19") || text.starts_with("20"));
}

enum class cell_kind {
    blank,
    name,    // what a column may be called
    number,  // or a date
    data     // a text that no column is called: an e-mail address, a postcode
};

cell_kind kind_of(const sheet_row& row, std::size_t column) {
    const std::string_view text = trimmed(row.text(column));
    if (text.empty()) {
        return cell_kind::blank;
    }
    if (is_year(text)) {
        return cell_kind::name;
        // In a workbook the cell itself says whether a person has typed a text.
    }
    if (row.at(column).is_text) {
        return looks_like_data(text) ? cell_kind::data : cell_kind::name;
    }
    return cell_kind::number;
}

// How a row stands to the columns that more than half of the rows below it use: what stands beside the table now and
// then is no column.
struct standing {
    std::size_t used = 0;
    std::size_t filled = 0;    // of these, by the row
    std::size_t contrast = 0;  // of these, by a name above what is none
    std::size_t reach = 0;     // the last of these, from 1

    [[nodiscard]] bool is_whole() const { return filled == used; }
    [[nodiscard]] bool is_most() const { return filled >= 2 && filled * 2 > used; }
};

// Precondition: `header` is a row of `rows`. Of the rows below it, those of the sample.
standing standing_of(const std::vector<sheet_row>& rows, std::size_t header) {
    std::vector<std::size_t> uses;
    std::vector<std::size_t> data;
    for (std::size_t i = header + 1; i < rows.size(); ++i) {
        uses.resize(std::max(uses.size(), rows[i].size()));
        data.resize(uses.size());
        for (std::size_t column = 0; column < rows[i].size(); ++column) {
            const cell_kind kind = kind_of(rows[i], column);
            uses[column] += kind == cell_kind::blank ? 0 : 1;
            data[column] += kind == cell_kind::number || kind == cell_kind::data ? 1 : 0;
        }
    }
    const std::size_t below = rows.size() - header - 1;
    standing found;
    for (std::size_t column = 0; column < uses.size(); ++column) {
        if (uses[column] * 2 > below) {
            const cell_kind above = kind_of(rows[header], column);
            found.reach = column + 1;
            ++found.used;
            found.filled += above == cell_kind::blank ? 0 : 1;
            found.contrast += above == cell_kind::name && data[column] * 2 > uses[column] ? 1 : 0;
        }
    }
    return found;
}

std::size_t count_of(cell_kind kind, const sheet_row& row) {
    std::size_t count = 0;
    for (std::size_t column = 0; column < row.size(); ++column) {
        count += kind_of(row, column) == kind ? 1 : 0;
    }
    return count;
}

}  // namespace

// A flawed cell counts, though it shows nothing: it has to become a fault of its row.
std::size_t used_columns(const sheet_row& row) {
    std::size_t columns = row.size();
    while (columns > 0 && trimmed(row.text(columns - 1)).empty() && row.at(columns - 1).flaw == cell_flaw::none) {
        --columns;
    }
    return columns;
}

// Reaches over the header's own cells, or customers' cells under no name would be ragged.
std::size_t header_columns(const std::vector<sheet_row>& first_rows, std::size_t header) {
    return std::max(used_columns(first_rows[header]), standing_of(first_rows, header).reach);
}

std::optional<std::size_t> find_header(const std::vector<sheet_row>& first_rows) {
    std::size_t widest = 0;
    for (const sheet_row& row : first_rows) {
        widest = std::max(widest, used_columns(row));
    }
    for (std::size_t i = 0; i < first_rows.size(); ++i) {
        // Banners are a cell wide, mostly; where the whole table is, that is enough.
        const bool wide_enough = used_columns(first_rows[i]) >= std::min<std::size_t>(widest, 2);
        const standing found = standing_of(first_rows, i);
        // A column may be called 1, when others are called what their cells are not.
        const bool is_data =
            count_of(cell_kind::data, first_rows[i]) > 0 || count_of(cell_kind::number, first_rows[i]) > found.contrast;
        // A header that leaves a column unnamed, rather than the first customer below it.
        if (wide_enough && !is_data && (found.is_whole() || found.is_most())) {
            return i;
        }
        // Whole and of data: the first customer, below whom no header can come.
        if (wide_enough && is_data && found.is_whole()) {
            return std::nullopt;  // the first customer, who stands below no header
        }
    }
    return std::nullopt;
}

}  // namespace baseload
