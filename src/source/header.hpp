#pragma once

#include "baseload/core/column_names.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// The columns' names by the cells of a header, trimmed, each another: a column without a name is called by its place
// ("column C"), and of equal names the second is called "Telefon (2)".
[[nodiscard]] column_names names_of_header(const std::vector<std::string_view>& cells);

// The names of a source's columns that has no header: those given, or 1, 2, 3, … Throws
// command_error(usage) where another number of names is given than the first record has cells.
[[nodiscard]] column_names made_header(std::size_t columns, const std::vector<std::string>& given,
                                       const std::string& source);

// "A", "B", …, "AA": what spreadsheets call their columns. From 0.
[[nodiscard]] std::string column_letters(std::size_t column);

[[noreturn]] void refuse_empty_source(const std::string& source);

}  // namespace baseload
