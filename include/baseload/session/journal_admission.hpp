#pragma once

#include "baseload/api/account_state.hpp"
#include "baseload/journal/account_notes.hpp"
#include "baseload/journal/journal_identity.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace baseload {

// What a person says of a journal that the account's state file speaks against.
struct admission_options {
    bool first_run = false;       // a new journal, though the account was written to with another
    bool accept_journal = false;  // an old, half or unknown one
};

// What the account's state file says of a journal.
struct journal_standing {
    std::string objection;  // why a run must not write with it, and the ways out; blank when nothing speaks against it
    std::uint64_t sessions = 0;  // its count when it was used last, as far as is known
};

// A journal must not be used that is older than the account's state remembers, half (its log is gone), or unknown while
// others are known. Pure.
[[nodiscard]] journal_standing standing_of(const journal_identity& journal, bool has_history, const std::string& path,
                                           const std::vector<used_journal>& known, const admission_options& options);

// Why a run must not write with a journal that was copied, where that is so: its clients are another's.
[[nodiscard]] std::string objection_to_copied(account_notes& notes, const std::string& path);

}  // namespace baseload
