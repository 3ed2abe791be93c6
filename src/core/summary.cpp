#include "baseload/core/summary.hpp"

#include <array>
#include <numeric>

namespace baseload {

std::string_view outcome_name(outcome o) {
    static constexpr std::array<std::string_view, outcome_kinds> names = {"created",  "updated",  "unchanged",
                                                                          "rejected", "in doubt", "not reached"};
    return names.at(static_cast<std::size_t>(o));
}

std::uint64_t tally::total() const {
    return std::accumulate(std::begin(counts_), std::end(counts_), std::uint64_t{0});
}

}  // namespace baseload
