#pragma once

#include <string>
#include <string_view>

// Cells that a spreadsheet program would take for formulas (OWASP, "CSV injection"): an apostrophe before them makes
// them text, and is taken away when the file is loaded again.

namespace baseload {

[[nodiscard]] std::string as_text_cell(std::string_view cell);
[[nodiscard]] std::string_view from_text_cell(std::string_view cell);

}  // namespace baseload
