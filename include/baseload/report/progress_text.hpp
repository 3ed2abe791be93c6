#pragma once

#include "baseload/core/progress.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace baseload {

// What there is to say of a run under way, the most important first: how far it is, what became of the rows, the
// requests of the last minute and of how many, what it waits for, and the time of day at which it will be through.
[[nodiscard]] std::vector<std::string> progress_parts(const progress& p, wall_time now);

// All of it on one line.
[[nodiscard]] std::string progress_text(const progress& p, wall_time now);

// A bar and as much of it as fits in so many columns. `has_utf8`: the terminal shows more than ASCII.
[[nodiscard]] std::string progress_line(const progress& p, wall_time now, std::size_t columns, bool has_utf8);

}  // namespace baseload
