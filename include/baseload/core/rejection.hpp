#pragma once

#include "baseload/core/fault.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace baseload {

// A record that was not taken in, with all that is wrong with it.
struct rejection {
    std::uint64_t line = 0;
    std::vector<std::string> cells;  // as read
    std::vector<fault> faults;       // at least one
};

} // namespace baseload
