#include "baseload/report/csv_text.hpp"

#include "baseload/core/spreadsheet_text.hpp"

namespace baseload {

// Precondition: the delimiter is one byte, and neither a quote nor a line end. Cells are UTF-8 and are written as they
// are.
std::string csv_record(const std::vector<std::string>& cells, char delimiter) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) {
            text += delimiter;
        }
        const std::string cell = as_text_cell(cells[i]);
        // Also a carriage return alone: many programs take it for a line end.
        const bool quote = cell.find_first_of(std::string("\"\r\n") + delimiter) != std::string::npos;
        if (!quote) {
            text += cell;
            continue;
        }
        text += '"';
        for (const char c : cell) {
            text += c;
            if (c == '"') {
                text += c;
            }
        }
        text += '"';
    }
    // A lone blank cell would read as no record at all.
    return (text.empty() ? "\"\"" : text) + "\n";
}

}  // namespace baseload
