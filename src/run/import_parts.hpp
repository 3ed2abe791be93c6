#pragma once

#include "account_session.hpp"
#include "baseload/config/settings.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/mapping/mapper.hpp"
#include "baseload/run/import_run.hpp"
#include "baseload/run/survey.hpp"
#include "baseload/source/record_source.hpp"

namespace baseload {

// What the second pass works with; all of it outlives the importer.
struct import_parts {
    const settings& job;
    const record_source& source;
    const mapper& map;
    const survey& found;
    account_session& account;
    journal& known;
    run_observer& observer;
};

}  // namespace baseload
