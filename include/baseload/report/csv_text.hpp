#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// One CSV record with its line end (RFC 4180, but LF): cells are quoted where they must be, and what a spreadsheet
// would take for a formula is made text (core/spreadsheet_text.hpp).
[[nodiscard]] std::string csv_record(const std::vector<std::string>& cells, char delimiter);

}  // namespace baseload
