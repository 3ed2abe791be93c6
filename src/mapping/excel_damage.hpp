#pragma once

#include "baseload/core/record.hpp"
#include "baseload/core/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// What a spreadsheet does to the data of others. Pure. The faults' places are left for the caller.

namespace baseload {

// A text that was a long number once (4,85E+10), or that is the error of a formula (#REF!, in
// English or Polish, or as `cells_to_correct` writes it).
[[nodiscard]] std::optional<fault> damage_of(std::string_view cell);

// The same for a cell that a workbook says is flawed.
[[nodiscard]] fault fault_of(cell_flaw flaw, std::string_view cell);

// The flaw of one cell of a record; none for most.
[[nodiscard]] cell_flaw flaw_at(const record& row, std::size_t column);

// A row that sums the others up, and is no customer: "Razem" or "Total" in its first cell, and nothing but numbers
// behind it.
[[nodiscard]] std::optional<fault> total_row(const record& row, std::size_t columns);

}  // namespace baseload
