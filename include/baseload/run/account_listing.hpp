#pragma once

#include "baseload/api/crm_account.hpp"
#include "baseload/config/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace baseload {

// What the account's clients refer to by number.
struct account_listing {
    std::vector<client_status> statuses;
    std::vector<extra_field_type> extra_fields;
    std::vector<contractor> contractors;  // of all integrations
    std::string contractors_unread;       // why there are none to tell; blank when they were read
    std::uint64_t requests = 0;
};

// Asks the account: three requests, and one for each Connect integration that it has. Throws
// stop when it cannot be asked, or does not answer as API.md says.
[[nodiscard]] account_listing list_account(const settings& job);

// Writes the lists down in the job's journal, for commands that ask nobody. Does nothing for a
// job without names to look up and without extra fields. Throws stop as open_journal does.
void keep_listing(const settings& job, const account_listing& listing);

}  // namespace baseload
