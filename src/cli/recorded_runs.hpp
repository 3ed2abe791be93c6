#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/journal/run_history.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace baseload {

// The runs of a journal, for commands that look at them and keep nobody out.
struct recorded_runs {
    std::string journal;  // its place, for messages
    // The oldest first. Of one that did not end nobody wrote the sums down; whom it created is counted here.
    std::vector<run_record> all;
    std::int64_t under_way = 0;  // the number of the one that holds the journal now; 0: none does

    // The last one but for that; null where there is none.
    [[nodiscard]] const run_record* last() const;
    // Throws command_error (usage) where there is no run of that number; `job` as it was given to the command.
    [[nodiscard]] const run_record& numbered(std::int64_t run, const std::string& job) const;
};

// Throws as open_journal_to_read does.
[[nodiscard]] recorded_runs runs_of(const journal_locator& journal);

}  // namespace baseload
