#pragma once

#include "sheet_reader.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace baseload {

// Which of a sheet's first rows names its columns: the first with a text above most
// of the columns that the rows below it use. Nothing when that one has a customer's data (looks_like_data), or a
// number that is no year: then it is a customer. Pure.
[[nodiscard]] std::optional<std::size_t> find_header(const std::vector<sheet_row>& first_rows);

// How many columns the row reaches, the blank ones behind the last value left out.
[[nodiscard]] std::size_t used_columns(const sheet_row& row);

}  // namespace baseload
