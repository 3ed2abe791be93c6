#pragma once

#include "baseload/source/input_file.hpp"

namespace baseload {

// Throws command_error(usage) for an .xls file that the converter would read wrongly, or wait for a person to open: one
// with a password, or whose texts are in the Mac's encoding for Central Europe, which LibreOffice takes for another.
// Told by the first records of its stream (MS-XLS, 2.4.117 FilePass and 2.4.52 CodePage); a file in which they are not
// found is left to the converter.
void refuse_unreadable_old_workbook(const input_file& file);

}  // namespace baseload
