#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace baseload {

// A cell of a spreadsheet whose value nobody can tell.
enum class cell_flaw : std::uint8_t {
    none,
    error,     // #REF!, #N/A, …
    no_value,  // a formula that was never calculated
    cut        // a number of more digits than a spreadsheet keeps
};

struct flawed_cell {
    std::size_t column = 0;  // from 0
    cell_flaw flaw = cell_flaw::none;
};

// One row of a source. The views point into the reader's buffers and live until its
// next call.
struct record {
    std::uint64_t line = 0;               // where it begins, from 1; the row's number in a sheet
    std::vector<std::string_view> cells;  // unquoted; a line break inside a cell is '\n'
    // What the record's fingerprint is made of, with which a rerun knows it again. CSV: its bytes as they stand in the
    // decoded file, without its line end, and with quotes only where they are needed. A workbook: its cells as they are
    // read, a separator behind each, and a mark behind a flawed one.
    std::string_view raw;
    std::vector<flawed_cell> flaws = {};  // by their columns; CSV has none
};

}  // namespace baseload
