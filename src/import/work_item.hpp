#pragma once

#include "baseload/core/client.hpp"
#include "baseload/core/fingerprint.hpp"
#include "baseload/core/rejection.hpp"
#include "baseload/plan/plan.hpp"

#include <cstdint>
#include <string>

namespace baseload {

// A record that needs a request, on its way from the planner to a sender, and perhaps to the resolver and back.
struct work_item {
    std::string key;
    std::uint64_t line = 0;
    content_hash record_hash;
    client_fields fields;          // all that the row maps to: to plan it anew
    row_plan plan;                 // a create, an update, or (in doubt) a look-up
    kept_cells cells;              // as read, for the rejects
    unsigned creates_sent = 0;     // by this run
    bool is_created = false;       // by this run, as a look-up found
    bool is_ahead = false;         // its create has not left: it is looked up first ([journal] before_create)
    bool is_looked_up = false;     // and was not found
    bool restores_status = false;  // its plan gives the client the status back that it had before it was missing
};

}  // namespace baseload
