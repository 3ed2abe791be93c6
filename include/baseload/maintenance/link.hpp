#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/core/exit_code.hpp"
#include "baseload/core/line_places.hpp"
#include "baseload/session/other_journals.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace baseload {

// Rows and clients that one text stands for, of which nobody can say which is whose.
struct ambiguous_link {
    std::string match;  // "email a@b.pl"
    std::vector<std::uint64_t> lines;
    std::vector<std::int64_t> clients;
};

struct link_options {
    bool same_account = false;  // as in run_options
    other_journal_policy other_journal = other_journal_policy::refuse;
};

struct link_summary {
    std::uint64_t rows = 0;
    std::uint64_t known = 0;  // had their client before, or are in doubt
    std::uint64_t linked = 0;
    std::uint64_t ambiguous = 0;     // rows
    std::uint64_t unmatched = 0;     // the account has no such client: the next run creates them
    std::uint64_t without_text = 0;  // blank, or faulty, where they should match
    std::uint64_t clients = 0;       // that the account listed
    std::uint64_t requests = 0;
    std::vector<ambiguous_link> ambiguities;    // at most 100
    std::shared_ptr<const line_places> places;  // of their lines
    std::string stopped_because;                // then nothing was linked
    bool is_complete = false;  // the account was read, and each row was told: a run may create the others
    exit_code code = exit_code::success;
};

// Finds the clients that an account has already: reads all of them once (100 a request), and
// links each row to the one client whose `fields` (the API's names) are the row's. Case and
// white space do not count, nor dashes in numbers; all else must be equal, and a text that
// several rows or several clients share links none of them. What the client shows is written
// down as sent, so that the next run sends what differs. `listed` hears how many clients were
// read. Throws command_error(usage) for fields that the job does not map or that are not listed.
// And where another journal of the account has some of the clients, and the options do not say what becomes of it.
[[nodiscard]] link_summary link_by_fields(const settings& job, const std::vector<std::string>& fields,
                                          const link_options& options,
                                          const std::function<void(std::uint64_t)>& listed);

// Links the keys of a list (see read_id_list) to its clients, without asking the account: the
// next run sends all fields once. Returns how many were new. Throws command_error(usage), and links none,
// when a key has another client, or a client another key.
[[nodiscard]] std::uint64_t link_by_list(const settings& job, const std::filesystem::path& list,
                                         const link_options& options);

}  // namespace baseload
