#include "baseload/survey/survey.hpp"

#include <algorithm>

namespace baseload {

std::array<std::uint64_t, row_needs> survey::counts() const {
    std::array<std::uint64_t, row_needs> found{};
    for (const row_need need : rows) {
        ++found[static_cast<std::size_t>(need)];
    }
    return found;
}

std::uint64_t survey::records() const {
    return rows.size() - static_cast<std::uint64_t>(std::count(rows.begin(), rows.end(), row_need::elsewhere));
}

void survey::leave_other_shards() {
    for (std::size_t ordinal = 0; ordinal < is_elsewhere.size(); ++ordinal) {
        if (is_elsewhere[ordinal]) {
            rows[ordinal] = row_need::elsewhere;
        }
    }
    is_elsewhere.clear();
}

}  // namespace baseload
