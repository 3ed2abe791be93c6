#pragma once

#include "baseload/import/run_observer.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/session/account_session.hpp"
#include "baseload/survey/first_pass.hpp"

namespace baseload {

// What the second pass works with; all of it outlives the importer.
struct import_parts {
    const first_pass& first;
    account_session& session;
    journal& memory;
    run_observer& observer;
    bool is_our_account = false;  // a person says so
};

}  // namespace baseload
