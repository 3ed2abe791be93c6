#pragma once

#include "baseload/session/job_session.hpp"

namespace baseload {

// Before the first create of a journal that has never sent anything: asks the account whether it has clients (one
// page), and throws command_error(usage) when it does, since each row that is one of them would be created again.
// `is_meant`: a person says that they are others; then nobody asks. Throws command_error as well when the account
// cannot be asked.
void guard_first_create(job_session& session, bool is_meant);

}  // namespace baseload
