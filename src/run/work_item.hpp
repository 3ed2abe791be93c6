#pragma once

#include "baseload/core/fingerprint.hpp"
#include "baseload/plan/plan.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace baseload {

// A record that needs a request, on its way from the reader to a worker.
struct work_item {
    std::string key;
    std::uint64_t line = 0;
    fingerprint record;
    plan what;                       // a create or an update
    std::vector<std::string> cells;  // as read, for the rejects
};

}  // namespace baseload
