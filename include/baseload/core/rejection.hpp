#pragma once

#include "baseload/core/fault.hpp"
#include "baseload/core/record.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// A record that was not taken in, with all that is wrong with it.
struct rejection {
    std::uint64_t line = 0;
    std::vector<std::string> cells;  // as read
    std::vector<fault> faults;       // at least one
};

// What stands behind the text of a flawed cell in a rejects file, so that a cell that nobody
// corrected is a fault again when the file is loaded.
inline constexpr std::string_view mark_of_flaw = " (error)";

// The record's cells as a rejects file has them.
[[nodiscard]] inline std::vector<std::string> cells_to_correct(const record& row) {
    std::vector<std::string> cells(row.cells.begin(), row.cells.end());
    for (const flawed_cell& flawed : row.flaws) {
        std::string& text = cells[flawed.column];
        text = (text.empty() ? "#FORMULA" : text) + std::string(mark_of_flaw);
    }
    return cells;
}

// What a rejects file has behind the source's own columns.
inline constexpr std::array<std::string_view, 3> rejection_columns = {"line", "code", "message"};

// Whether a source is such a file, corrected perhaps: then it is a part of an earlier source.
[[nodiscard]] inline bool is_rejects_header(const std::vector<std::string>& header) {
    return header.size() > rejection_columns.size() &&
           std::equal(rejection_columns.begin(), rejection_columns.end(), header.end() - rejection_columns.size());
}

}  // namespace baseload
