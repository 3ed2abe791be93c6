#pragma once

#include "baseload/core/client.hpp"
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
    client_fields fields;            // all that the row maps to: to plan it anew
    plan what;                       // a create, an update, or (in doubt) nothing yet
    std::vector<std::string> cells;  // as read, for the rejects
    unsigned creates_sent = 0;       // by this run
    bool is_created = false;         // by this run, as a look-up found
    bool was_in_doubt = false;       // and is sent again by the one who settled that
};

}  // namespace baseload
