#pragma once

#include "baseload/core/journal_locator.hpp"
#include "baseload/core/shard.hpp"
#include "baseload/journal/account_notes.hpp"
#include "baseload/journal/client_memory.hpp"
#include "baseload/journal/journal_identity.hpp"
#include "baseload/journal/run_history.hpp"
#include "baseload/journal/run_shards.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

struct journal_hold {
    enum state {
        sure,
        unsure,  // nobody can say at the moment: nothing may be sent until somebody can
        lost     // another run has taken it, or nobody can say for too long
    };
    state is = sure;
    std::string why = {};
};

// The durable memory of one account, in its four roles. Who needs one role takes that. Each engine has its
// implementation and passes the contract suite (tests/journal/journal_contract.hpp). Not thread-safe. What cannot be
// written or read throws command_error(stopped).
//
// Changes gather in a transaction; they are durable when commit() returns, and lost together if the machine stops
// before.
class journal : public client_memory, public run_history, public account_notes, public journal_identity {
public:
    // Returns when all of it is durable, and what commit_then() began has called back.
    virtual void commit() = 0;
    // The same, for a thread that must not stand still: calls back once all that was written before the call is
    // durable. An engine on this machine does that before it returns; one behind a network later, on the I/O thread,
    // and what is written meanwhile belongs to the next commit. Throws, or throws out of the event loop, as commit().
    virtual void commit_then(std::function<void()> durable) {
        commit();
        durable();
    }
    // Whether all that commit_then() began is durable, and has called back: to be asked now and then until it is.
    // Throws as commit().
    virtual bool is_committed() { return true; }
    virtual void rollback() = 0;  // gives up what was not committed

    // Whether this run still holds the journal: to be asked before each request that changes something. One on this
    // machine is held until it is closed.
    [[nodiscard]] virtual journal_hold hold() { return {}; }
    // How long before this was opened somebody took the place of a run that was not heard of any more, on whichever
    // host: it may be alive, and have had requests under way then. Negative: for so long it may even send more.
    [[nodiscard]] virtual std::optional<std::chrono::milliseconds> since_take_over() const { return std::nullopt; }

    // Of a journal that was opened for one shard of a run; null for one that is held as a whole.
    [[nodiscard]] virtual run_shards* shards() { return nullptr; }
};

// What a journal belongs to: one account, and one way to make a key of a row.
struct journal_owner {
    std::string url;
    std::string name;
    std::vector<std::string> key_columns;
    bool same_keys = false;  // the key columns are called otherwise now, and the keys are the same
};

// For how long a run on another host is kept from a journal in a database after this one was last heard of.
inline constexpr std::chrono::milliseconds usual_lease = std::chrono::seconds(30);

// Opens the journal for a run, creating it when it is absent, and holds it against other runs until it is destroyed;
// with a shard, against all but the other shards of so many. Throws command_error: journal_busy when another run holds
// it; usage when it is a file and `part` not the whole, belongs to another account or has other keys, comes from a
// newer version, has a second name (a hard link, of which each would have a log of its own), or cannot be opened.
[[nodiscard]] std::unique_ptr<journal> open_journal(const journal_locator& where, const journal_owner& owner,
                                                    std::chrono::milliseconds lease_length = usual_lease,
                                                    const shard& part = {});

// Opens an existing journal to look at, beside a run if need be. Throws command_error(usage), also for one that belongs
// to another than `owner`, where one is given.
[[nodiscard]] std::unique_ptr<journal> open_journal_to_read(const journal_locator& where,
                                                            const journal_owner* owner = nullptr);

// A program that holds the journal, or one of the shards of a run.
struct journal_holder {
    std::string who;  // "process 12 on db1, started 2026-11-29T02:15:00Z"; of a shard, "shard 1/3, process …"
    shard part;
    progress so_far;

    // And not another command, which tells no progress.
    [[nodiscard]] bool is_run() const { return so_far.started != wall_time{}; }
};
// Nobody where no run is under way; several where shards are.
[[nodiscard]] std::vector<journal_holder> holders_of(const journal_locator& where);

// An empty one that lives as long as the object, for a rehearsal before the first run.
[[nodiscard]] std::unique_ptr<journal> open_empty_journal(const journal_owner& owner);

// Throws command_error(usage) where nobody can say: a folder that must not be read, for one.
[[nodiscard]] bool journal_exists(const journal_locator& where);

// A file that a journal is made of, and what it is called in messages: nothing else may write to it.
struct journal_file {
    std::string name;
    std::filesystem::path path;
};
[[nodiscard]] std::vector<journal_file> files_of(const journal_locator& where);

}  // namespace baseload
