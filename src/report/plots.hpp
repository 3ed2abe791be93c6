#pragma once

#include "baseload/core/run_details.hpp"
#include "baseload/journal/run_history.hpp"

#include <string>
#include <vector>

namespace baseload {

// As SVG, 360 units wide, whose colours are the page's (report.html). Blank where there is nothing to draw.

// Requests of each minute as bars against the limit as a line; where the account was blocked the ground is shaded.
[[nodiscard]] std::string minutes_plot(const run_details& details);

// What each run created, updated and rejected, on top of each other.
[[nodiscard]] std::string history_plot(const std::vector<run_record>& runs);

}  // namespace baseload
