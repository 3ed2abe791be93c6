#pragma once

#include "baseload/api/account_database.hpp"
#include "baseload/api/request_limit.hpp"
#include "baseload/api/used_journal.hpp"
#include "baseload/core/boot_clock.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

class account_store;

// What all programs of this machine, or of several, share about one account: the slots of its request limit, until when
// it is blocked, what share of the limit is left to us while others use the account too, and which journals belong to
// it. A small SQLite file in the state folder, by the boot clock; or a schema of a PostgreSQL database, by the
// database's clock. Every call is one transaction, durable when it returns. Throws command_error(stopped) when that
// fails.
class account_state {
public:
    // `times` as in request_limit. `is_shared`: several users of the machine use the file, by its group. Throws
    // command_error(usage) when it cannot be opened.
    account_state(const std::filesystem::path& file, std::uint32_t per_minute, request_limit::request_times times,
                  bool is_shared = false);
    // `witness`: a state file of this machine, which remembers journals too. It speaks up where the database was put
    // back from a backup, or the account was written to with a file's journal before. Blank: none; one that cannot be
    // opened is done without, since a machine may have no disk that lasts.
    account_state(const account_database& where, const std::filesystem::path& witness, std::uint32_t per_minute,
                  request_limit::request_times times);
    ~account_state();
    account_state(const account_state&) = delete;
    account_state& operator=(const account_state&) = delete;

    // A slot, or how long to wait before asking again.
    struct permit {
        std::optional<slot_id> slot;
        boot_clock::duration wait{0};
        bool blocked = false;     // the wait is for a block
        std::uint32_t limit = 0;  // what is left to us now: the configured one, or less after a block
    };
    [[nodiscard]] permit take(boot_clock::time_point now);

    void answered(slot_id slot, boot_clock::time_point now);
    void given_up(slot_id slot, boot_clock::time_point now);  // without an answer: it may still arrive
    void unused(slot_id slot);                                // the request surely never left

    // Nothing is sent before now + wait. A block only ever grows. Our own count has kept the limit, so others use the
    // account too: each new block halves what we take of it, down to a tenth, and each minute after it gives a tenth of
    // the configured limit back.
    void block(boot_clock::duration wait, boot_clock::time_point now);
    [[nodiscard]] boot_clock::time_point blocked_until(boot_clock::time_point now);

    // How many requests count under the limit now, and how many are allowed.
    struct usage {
        std::size_t taken = 0;
        std::uint32_t limit = 0;
    };
    [[nodiscard]] usage in_use(boot_clock::time_point now);

    // A random name of the file itself: another one has counted other requests.
    [[nodiscard]] const std::string& id() const;

    // The journals that were used with the account, the last one first.
    [[nodiscard]] std::vector<used_journal> journals();
    void remember(const used_journal& journal);
    // The journal's clients are another's now, which lies at `by`: a run must not use it any more.
    void replace(const std::string& id, const std::string& by);
    void reinstate(const std::string& id);  // a person says that it is used again

private:
    [[nodiscard]] std::uint32_t allowed(boot_clock::time_point now);
    [[nodiscard]] boot_clock::duration longest_slot() const;

    template <class Change>
    void change_both(Change&& change);

    std::unique_ptr<account_store> store_;
    std::unique_ptr<account_store> witness_;  // of a state in a database; null: none
    bool has_told_hold_ = false;
    std::uint32_t per_minute_;
    request_limit::request_times times_;
};

}  // namespace baseload
