#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/core/summary.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/session/account_session.hpp"
#include "baseload/survey/missing_keys.hpp"

namespace baseload {

// What the job wants done with clients whose keys were in the last full run and are not in
// this one ([missing]). Keeps track of who is absent, whatever the job says, so that nobody is
// acted on twice, or for having been absent before the job asked.
// Precondition: the run has come to its end, and its source was a whole one.
// Throws command_error(stopped) when the journal fails.
[[nodiscard]] missing_summary settle_missing(const settings& job, const missing_keys& missing, account_session& account,
                                             journal& j);

}  // namespace baseload
