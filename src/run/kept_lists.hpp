#pragma once

#include "baseload/journal/journal.hpp"
#include "baseload/run/account_listing.hpp"

namespace baseload {

// What the journal has kept of the account's lists, and which of them it has at all.
struct kept {
    account_listing listing;
    bool statuses = false;
    bool extra_fields = false;
    bool contractors = false;
};

[[nodiscard]] kept kept_lists(journal& known);

// Durable at once. Lists whose flag is false stay as they were kept.
void keep_lists(journal& known, const account_listing& listing, bool statuses, bool extra_fields, bool contractors);

}  // namespace baseload
