#pragma once

#include "baseload/journal/run_history.hpp"

#include <string>
#include <vector>

namespace baseload {

// A line a run, with a header. `last_is_under_way`: a run holds the journal now.
[[nodiscard]] std::string history_text(const std::vector<run_record>& runs, bool last_is_under_way);

// A JSON object a run, one a line; a run that never ended has null for its exit code.
[[nodiscard]] std::string history_json(const std::vector<run_record>& runs);

}  // namespace baseload
