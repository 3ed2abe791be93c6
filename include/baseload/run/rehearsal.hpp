#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/core/client.hpp"
#include "baseload/core/rejection.hpp"
#include "baseload/run/forecast.hpp"
#include "baseload/run/survey.hpp"
#include "baseload/source/record_source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace baseload {

// What a run would send of one row.
struct planned_change {
    std::uint64_t line = 0;
    std::string key;
    std::int64_t crm_client_id = 0;  // of an update; 0: a create
    client_fields send;
};

// Hears what a run would do, row by row. What it throws ends the rehearsal.
class rehearsal_observer {
public:
    virtual ~rehearsal_observer() = default;

    virtual void opened(const record_source& source, const std::vector<std::string>& header) = 0;
    virtual void foreseen(const forecast& f) = 0;
    virtual void similar(const std::vector<similar_key>& found, std::uint64_t count) = 0;
    virtual void rejected(const rejection& r) = 0;
    // What is hardly right in a row that would be sent nevertheless.
    virtual void warned(const std::vector<fault>& /*doubts*/) {}
    virtual void planned(const planned_change& change) = 0;
};

// Both passes of an import without the sending: the same reading, mapping and planning against
// the journal as it is, which is not written to. Without a journal every key is new. Needs
// no token. Throws stop as run_import does.
void rehearse(const settings& job, rehearsal_observer& observer);

}  // namespace baseload
