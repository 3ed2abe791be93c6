#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/core/client.hpp"
#include "baseload/survey/survey_observer.hpp"

#include <cstdint>
#include <string>

namespace baseload {

// What a run would send of one row.
struct planned_change {
    std::uint64_t line = 0;
    std::string key;
    std::int64_t crm_client_id = 0;  // of an update; 0: a create
    client_fields send;
    std::string file = {};  // whose line it is, where the source consists of several
};

// Hears of a rehearsal, row by row.
class rehearsal_observer : public survey_observer {
public:
    virtual void planned(const planned_change& change) = 0;
    // What is hardly right in a row that is rejected for its faults, which are told next.
    virtual void doubted(const rejection& /*r*/) {}
    // Values of a row that no rule was found for: its country is not known.
    virtual void unchecked(std::uint64_t /*values*/) {}
};

// Both passes of an import without the sending: the same reading, mapping and planning against
// the journal as it is, which is not written to. Without a journal every key is new. Needs
// no token. Throws command_error as run_import does.
// `new_keys` as in first_pass_options.
void rehearse(const settings& job, bool new_keys, rehearsal_observer& observer);

}  // namespace baseload
