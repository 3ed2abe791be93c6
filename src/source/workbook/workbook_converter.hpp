#pragma once

#include "baseload/source/input_file.hpp"

#include <string>

namespace baseload {

// The workbook as .xlsx, made by LibreOffice or Gnumeric in a process of its own, for formats
// that no library here reads well (PERFORMANCE.md). `extension` is the format's, which the
// converters go by. The result keeps the original's name and is gone when it is closed. Throws
// command_error(usage) when neither program is installed, or it fails, or takes longer than five minutes.
[[nodiscard]] input_file converted_workbook(const input_file& file, const std::string& extension);

}  // namespace baseload
