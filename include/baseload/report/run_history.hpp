#pragma once

#include "baseload/journal/run_history.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace baseload {

// A line a run, with a header. `under_way`: the number of the run that holds the journal now; 0: none does.
[[nodiscard]] std::string history_text(const std::vector<run_record>& runs, std::int64_t under_way);

// A JSON object a run, one a line; a run that never ended has null for its exit code.
[[nodiscard]] std::string history_json(const std::vector<run_record>& runs);

}  // namespace baseload
