#pragma once

#include "account_session.hpp"
#include "baseload/run/account_listing.hpp"

namespace baseload {

// Reads the lists that are wanted, and leaves the others as they are. Throws stop as
// list_account does, and also where contractors are wanted and cannot be read.
void read_lists(account_session& account, bool statuses, bool extra_fields, bool contractors, account_listing& into);

}  // namespace baseload
