#include "baseload/core/spreadsheet_text.hpp"

namespace baseload {
namespace {

// Behind any apostrophes: those that were there before are kept by one more. Tab and carriage return are on OWASP's
// list too.
bool begins_formula(std::string_view cell) {
    const std::size_t at = cell.find_first_not_of('\'');
    return at != std::string_view::npos && std::string_view("=+-@\t\r").find(cell[at]) != std::string_view::npos;
}

}  // namespace

std::string as_text_cell(std::string_view cell) {
    return (begins_formula(cell) ? "'" : "") + std::string(cell);
}

// The exact inverse for every cell. Without the second condition it would take an apostrophe away that was there before
// ('t Hart).
std::string_view from_text_cell(std::string_view cell) {
    return cell.starts_with('\'') && begins_formula(cell) ? cell.substr(1) : cell;
}

}  // namespace baseload
