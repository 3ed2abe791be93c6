#pragma once

#include "baseload/journal/run_history.hpp"

#include <string>
#include <vector>

namespace baseload {

// One line of a job's mapping.
struct mapped_field {
    std::string column;  // or the template, or the fixed text
    std::string field;   // the API's
    std::string how;     // what is done to the text on its way; blank: nothing
};

// A run and what stands beside it in the report.
struct reported_run {
    run_summary summary;
    bool has_ended = true;
    std::vector<run_record> history;  // the last ones, this one too, the oldest first
    std::vector<mapped_field> mapping;
};

inline constexpr std::size_t max_reported_history = 30;

// A page of its own, without network: what became of the rows, the requests by minute, the last runs, what is wrong
// with the rejected rows. A section a run.
[[nodiscard]] std::string html_report(const std::vector<reported_run>& runs);

}  // namespace baseload
