#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/session/job_session.hpp"
#include "baseload/session/other_journals.hpp"

#include <cstdint>
#include <vector>

namespace baseload {

// Which journals of the account are not to be used any more once these clients are the job's own journal's: those that
// have some of them, where `policy` says so, and those that are not at their place. Throws command_error(usage) where a
// person has to say what becomes of one, and command_error(journal_busy) where a run goes on with it.
[[nodiscard]] std::vector<used_journal> journals_to_replace(job_session& opened, const settings& job,
                                                            std::vector<std::int64_t> clients,
                                                            other_journal_policy policy);

}  // namespace baseload
