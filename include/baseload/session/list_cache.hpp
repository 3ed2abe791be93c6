#pragma once

#include "baseload/journal/journal.hpp"
#include "baseload/session/account_listing.hpp"

namespace baseload {

// What the journal has kept of the account's lists, for commands that ask nobody, and which of them it has at all.
struct cached_lists {
    account_listing listing;
    list_selection present;
};

[[nodiscard]] cached_lists recall_lists(account_notes& notes);

// Durable at once. Lists that are not selected stay as they were.
void cache_lists(journal& j, const account_listing& listing, const list_selection& selected);

}  // namespace baseload
