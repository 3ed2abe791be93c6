#include "excel_damage.hpp"

#include "baseload/core/rejection.hpp"
#include "baseload/core/text.hpp"

#include <algorithm>
#include <array>

namespace baseload {
namespace {

// #N/A is left out: in a text it clears the field, by the job's rules.
constexpr std::array<std::string_view, 15> error_texts = {"#REF!", "#VALUE!", "#DIV/0!",   "#NAME?",   "#NULL!",
                                                          "#NUM!", "#SPILL!", "#CALC!",    "#ADR!",    "#ARG!",
                                                          "#N/D!", "#N/D",    "#DZIEL/0!", "#LICZBA!", "#NAZWA?"};

// 4,85E+10, or 5E+10 from a narrow column: one digit, perhaps a point or comma and digits, E+ and two digits; nobody
// types that. Precondition: it has five bytes.
bool is_cut_number(std::string_view text) {
    const std::size_t exponent = text.size() - 4;
    if (text.substr(exponent, 2) != "E+" || (exponent != 1 && exponent < 3)) {
        return false;
    }
    const std::string_view digits = exponent == 1 ? std::string_view{} : text.substr(2, exponent - 2);
    return is_digit(text[0]) && (exponent == 1 || text[1] == ',' || text[1] == '.') &&
           std::all_of(digits.begin(), digits.end(), is_digit) && is_digit(text[exponent + 2]) &&
           is_digit(text[exponent + 3]);
}

}  // namespace

cell_flaw flaw_at(const record& row, std::size_t column) {
    const auto found = std::find_if(row.flaws.begin(), row.flaws.end(),
                                    [&](const flawed_cell& flawed) { return flawed.column == column; });
    return found == row.flaws.end() ? cell_flaw::none : found->flaw;
}

std::optional<fault> total_row(const record& row, std::size_t columns) {
    // Folded as plain_folded() folds: no accents, no spaces.
    constexpr std::array<std::string_view, 9> words = {"razem", "suma", "ogolem", "lacznie",    "podsumowanie",
                                                       "total", "sum",  "summe",  "gesamtsumme"};
    std::string_view first;
    for (std::size_t column = 0; column < std::min(columns, row.cells.size()); ++column) {
        const std::string_view text = trimmed(row.cells[column]);
        if (text.empty()) {
            continue;
        }
        if (first.empty()) {
            first = text;
            // Any text behind the word makes it a customer, called "Suma" perhaps.
        } else if (text.find_first_not_of("0123456789 .,-%") != std::string_view::npos) {
            return std::nullopt;
        }
    }
    // "Razem:" and "Total: 12" too.
    const std::string word = plain_folded(first.substr(0, first.find(':')));
    if (std::find(words.begin(), words.end(), word) == words.end()) {
        return std::nullopt;
    }
    return fault{.code = fault_code::total_row,
                 .where = {},
                 .found = std::string(first),
                 .problem = "sums the rows above up, it seems, and is no customer",
                 .remedy = "take the row out, or fill in its other cells if it is one"};
}

std::optional<fault> damage_of(std::string_view cell) {
    // The shortest is 5E+10.
    if (cell.size() >= 5 && cell.size() <= 24 && is_cut_number(cell)) {
        return fault_of(cell_flaw::cut, cell);
    }
    const bool is_error =
        !cell.empty() &&
        (cell.ends_with(mark_of_flaw) ||
         (cell.front() == '#' && std::find(error_texts.begin(), error_texts.end(), cell) != error_texts.end()));
    if (is_error) {
        return fault_of(cell_flaw::error, cell);
    }
    return std::nullopt;
}

fault fault_of(cell_flaw flaw, std::string_view cell) {
    if (flaw == cell_flaw::cut) {
        return {.code = fault_code::excel_damage,
                .where = {},
                .found = std::string(cell),
                .problem = "is what Excel makes of a long number, and its last digits are lost",
                .remedy = "format the column as text before the numbers are put in, and export it again"};
    }
    if (flaw == cell_flaw::no_value) {
        return {.code = fault_code::cell_error,
                .where = {},
                .found = {},
                .problem = "holds a formula that was never calculated",
                .remedy = "open the workbook in Excel or LibreOffice, save it, and try again"};
    }
    return {.code = fault_code::cell_error,
            .where = {},
            .found = std::string(cell),
            .problem = "is the error of a formula",
            .remedy = "correct the formula, or take the cell for blank with errors = \"blank\" in the job"};
}

}  // namespace baseload
