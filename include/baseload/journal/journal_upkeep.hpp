#pragma once

#include "baseload/core/journal_locator.hpp"
#include "baseload/core/wall_clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

// What is asked of a journal as a whole, whatever engine it has, beside any run. All of it throws command_error as
// open_journal_to_read does.

struct journal_facts {
    std::string id;
    std::int64_t format = 0;
    std::string url;  // whose it is; blank before the first run
    std::string account;
    std::string key_columns;
    std::uint64_t clients = 0;  // deleted ones among them
    std::uint64_t deleted = 0;
    std::uint64_t in_doubt = 0;
    std::uint64_t unsettled = 0;  // updates without an answer
    std::uint64_t refused = 0;
    std::uint64_t runs = 0;
    std::optional<wall_time> last_run;  // when it began
    bool is_open = false;               // a run holds it, or was killed
    bool may_lack_clients = false;      // what was recorded last is lost, or may be
    std::uint64_t bytes = 0;            // on its disk
    std::string moved_to;               // copy_journal() has given its clients to that one; blank: it has not
    std::string backup_of;              // it is a copy of that one, which is in use; blank: it is not
};
[[nodiscard]] journal_facts facts_of(const journal_locator& where);

// What does not fit together: each a sentence. None of it is changed.
struct journal_check {
    std::uint64_t clients = 0;
    std::vector<std::string> problems;  // the first hundred
};
[[nodiscard]] journal_check check_journal(const journal_locator& where);

// Copies all of `from` to `to`, which must be new, or the rest of a copy that was cut off, and compares both
// afterwards, row by row. Both are held meanwhile as by a run: throws command_error(journal_busy). From then on `to` is
// the one to be used, and `from` is refused; with `is_backup` it is the other way round.
struct journal_copy {
    std::uint64_t rows = 0;
    std::string checksum;  // of all rows of both
};
[[nodiscard]] journal_copy copy_journal(const journal_locator& from, const journal_locator& to, bool is_backup);

// Names of notes (see account_notes): where the clients of a journal went; of which one it is a backup; and, in a copy
// until it is whole, of which journal it is one.
inline constexpr const char* note_of_move = "moved to";
inline constexpr const char* note_of_backup = "backup of";
inline constexpr const char* note_of_half_copy = "copy under way";

// For psql: makes the tables of a journal in a database, and lets a user use them.
[[nodiscard]] std::string script_for_administrator(const journal_locator& where, const std::string& role);

}  // namespace baseload
