#include "baseload/core/summary.hpp"

#include <array>
#include <numeric>

namespace baseload {

// The JSON of a run has these names as its keys (report/summary_report.cpp), and scripts read it: never rename one.
std::string_view outcome_name(outcome o) {
    static constexpr std::array<std::string_view, outcome_kinds> names = {
        "created", "updated", "unchanged", "rejected", "in doubt", "not reached", "skipped"};
    return names.at(static_cast<std::size_t>(o));
}

// Equals run_summary::records, or a row has ended in no outcome or in two.
std::uint64_t tally::total() const {
    return std::accumulate(std::begin(counts_), std::end(counts_), std::uint64_t{0});
}

}  // namespace baseload
