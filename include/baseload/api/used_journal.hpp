#pragma once

#include <cstdint>
#include <string>

namespace baseload {

// A journal that was used with an account, as the account's state remembers it.
struct used_journal {
    std::string id;
    std::uint64_t sessions = 0;    // its count when it was used last: see journal_identity
    std::string path;              // where it lay then
    std::string replaced_by = {};  // the path of the one that has its clients since; blank: it is in use
};

}  // namespace baseload
