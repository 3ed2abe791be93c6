#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/session/account_listing.hpp"
#include "baseload/session/account_session.hpp"

#include <cstdint>

namespace baseload {

// The lists in which a job's names stand for something.
[[nodiscard]] list_selection lists_of(const settings& job);

// The job with ids in place of its names, and with what its extra fields hold. Lists that it
// needs are read from the account and kept in the journal. Throws command_error(usage) for names that
// the account does not have, and as list_account does.
[[nodiscard]] settings look_up_names(const settings& job, account_session& session, journal& j);

// The same by what the journal has kept, without a request. Throws command_error(usage) where it has kept
// nothing that the job needs.
[[nodiscard]] settings recall_names(const settings& job, journal& j);

// Writes the lists down in the job's journal, for commands that ask nobody. Does nothing for a
// job without names to look up and without extra fields. Throws command_error as open_journal does.
void cache_listing(const settings& job, const account_listing& listing);

}  // namespace baseload
