#pragma once

#include "account_session.hpp"
#include "baseload/config/settings.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/run/account_listing.hpp"

#include <cstdint>

namespace baseload {

// Which of the account's lists a job's names stand for something in.
struct needed_lists {
    bool statuses = false;
    bool extra_fields = false;
    bool contractors = false;

    [[nodiscard]] bool any() const { return statuses || extra_fields || contractors; }
    // At least: an account with several Connect integrations takes one more for each.
    [[nodiscard]] std::uint64_t requests() const;
};

[[nodiscard]] needed_lists lists_of(const settings& job);

// The job with ids in place of its names, and with what its extra fields hold. Lists that it
// needs are read from the account and kept in the journal. Throws stop(usage) for names that
// the account does not have, and as list_account does.
[[nodiscard]] settings look_up_names(const settings& job, account_session& account, journal& known);

// The same by what the journal has kept, without a request. Throws stop(usage) where it has kept
// nothing that the job needs.
[[nodiscard]] settings recall_names(const settings& job, journal& known);

}  // namespace baseload
