#include "baseload/survey/survey.hpp"

namespace baseload {

std::array<std::uint64_t, row_needs> survey::counts() const {
    std::array<std::uint64_t, row_needs> found{};
    for (const row_need need : rows) {
        ++found[static_cast<std::size_t>(need)];
    }
    return found;
}

}  // namespace baseload
