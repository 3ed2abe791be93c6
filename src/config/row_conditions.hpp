#pragma once

#include "baseload/config/settings.hpp"
#include "table_reader.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// What a table such as only = { "Aktywny" = ["T", "Tak"], "Kod" = { regex = "^B" } } says of rows: a condition for each
// column. None where the option is absent; what is wrong becomes faults of the table.
[[nodiscard]] std::vector<row_condition> read_row_conditions(table_reader& table, std::string_view option);

}  // namespace baseload
