#pragma once

#include "baseload/session/account_listing.hpp"
#include "baseload/session/account_session.hpp"

namespace baseload {

// Asks the account: three requests, one for each Connect integration that it has, and up to six for samples of the
// dates in extra fields. Throws command_error when it cannot be asked, or does not answer as it should
// (src/api/README.md).
[[nodiscard]] account_listing list_account(const settings& job);

// The listing with the selected lists read anew, and the others as they are in `known`. Throws command_error as
// list_account does, and also where contractors are selected and cannot be read.
[[nodiscard]] account_listing read_lists(account_session& session, const list_selection& selected,
                                         account_listing known);

}  // namespace baseload
