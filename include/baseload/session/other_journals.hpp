#pragma once

#include "baseload/api/account_state.hpp"
#include "baseload/core/journal_locator.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace baseload {

// What becomes of a journal that has the clients which `link` gives to another: with both in use, each creates the
// customers that are new to it, and an account gets them twice.
enum class other_journal_policy {
    refuse,   // nothing is linked, and a person is asked
    replace,  // it is not used any more
    keep      // both are used, as a person says
};

// A journal besides the job's own that was used with the account.
struct other_journal {
    used_journal journal;
    bool is_there = false;      // where it was when it was used last
    bool is_open = false;       // a run goes on with it, or was killed
    std::uint64_t clients = 0;  // of those that were asked for; all of them where it cannot be read
    std::string problem = {};   // why it cannot be read
};

// Those that the account's state file knows, held against the clients. `own_id` and `own_place` are the job's
// journal's.
[[nodiscard]] std::vector<other_journal> find_other_journals(account_state& state, const std::string& own_id,
                                                             const journal_locator& own_place,
                                                             const std::vector<std::int64_t>& clients);

}  // namespace baseload
