#pragma once

#include "source/workbook/sheet_reader.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace baseload {

// Which of a sheet's first rows names its columns: the first with a text above most of the columns that the rows below
// it use. Nothing when that one has a customer's data (looks_like_data), or more numbers than names above cells that
// are no names: then it is a customer. Pure.
[[nodiscard]] std::optional<std::size_t> find_header(const std::vector<sheet_row>& first_rows);

// How many columns stand below that row: its own, and those without a name that more than half of the rows use.
[[nodiscard]] std::size_t header_columns(const std::vector<sheet_row>& first_rows, std::size_t header);

// How many columns the row reaches, the blank ones behind the last value left out.
[[nodiscard]] std::size_t used_columns(const sheet_row& row);

}  // namespace baseload
