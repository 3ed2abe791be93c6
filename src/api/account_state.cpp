#include "baseload/api/account_state.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/wall_clock.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

namespace baseload {
namespace {

namespace fs = std::filesystem;
using clock_point = boot_clock::time_point;

// Programs hold the file for the length of one short transaction; who waits longer than this met something else.
constexpr int busy_timeout_ms = 10'000;
// Retry-After is believed up to an hour (block_notice.cpp); the minute is for its margin. What claims more is a damaged
// entry or a wrong clock.
constexpr boot_clock::duration max_block = std::chrono::hours(1) + std::chrono::minutes(1);
// Halved at once and given back slowly, as TCP does with its window (RFC 5681), so that programs which know nothing of
// each other find a share each.
constexpr double share_after_block = 0.5;
constexpr double least_share = 0.1;
constexpr double share_a_minute = 0.1;  // given back

// Times are milliseconds: since the boot named by `boot`, and since 1970.
constexpr const char* schema = R"sql(
CREATE TABLE IF NOT EXISTS slot (id INTEGER PRIMARY KEY AUTOINCREMENT, boot TEXT NOT NULL,
    free_at INTEGER NOT NULL, free_at_wall INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS block (one INTEGER PRIMARY KEY CHECK (one = 1), boot TEXT NOT NULL,
    until INTEGER NOT NULL, until_wall INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS share (one INTEGER PRIMARY KEY CHECK (one = 1), boot TEXT NOT NULL,
    share REAL NOT NULL, since INTEGER NOT NULL, since_wall INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS identity (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS journal (id TEXT PRIMARY KEY, sessions INTEGER NOT NULL, path TEXT NOT NULL,
    used_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS replaced (id TEXT PRIMARY KEY, by_path TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO identity VALUES (1, lower(hex(randomblob(16))));
)sql";

// Readable by its owner alone, or by the group of those who share it, whatever the umask.
void make_file(const fs::path& file, bool is_shared) {
    // O_EXCL: only the one that makes the file sets its rights, and a person who has changed them since is not
    // overruled. O_NOFOLLOW: in a shared folder a link may lead to somebody else's file.
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor >= 0) {
        // fchmod and not the mode of open(), which the umask narrows. SQLite gives its log the rights of the file
        // itself (os_unix.c, findCreateFileMode).
        static_cast<void>(::fchmod(descriptor, is_shared ? 0660 : 0600));
        ::close(descriptor);
    }
}

}  // namespace

// The file and its clocks. A time is kept by the boot clock, which nobody can set, and beside
// it by the wall clock, by which the first program after a reboot translates it.
class account_state::store {
public:
    store(const fs::path& file, boot_clock::duration max_slot)
        : database_(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, busy_timeout_ms), boot_(boot_id()),
          max_slot_(max_slot) {
        // FULL: a slot that a power loss takes back would be given out twice within a minute
        // (tests/journal/power_loss_test.cpp).
        patiently("PRAGMA journal_mode = WAL");
        database_.exec("PRAGMA synchronous = FULL");
        patiently(schema);
        // At each opening, so that a running program never meets a time of another boot.
        adopt("slot", "free_at", max_slot);
        adopt("block", "until", max_block);
        adopt("share", "since", max_block);
        id_ = database_.execAndGet("SELECT id FROM identity").getString();
    }

    [[nodiscard]] const std::string& id() const { return id_; }

    template <class Work>
    auto transact(Work&& work) {
        try {
            // IMMEDIATE: what is read (free slots, the block) must still hold when the slot is written, though other
            // programs ask at the same moment.
            SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
            // Every `work` returns a value, since a void result could not be kept across the commit.
            auto result = work();
            transaction.commit();
            return result;
        } catch (const SQLite::Exception& error) {
            throw command_error(
                exit_code::stopped,
                fmt::format("the account's state file {} cannot be used ({}); without it the request limit cannot "
                            "be kept, so nothing more is sent: free some space or fix it, and run again",
                            database_.getFilename(), error.what()));
        }
    }

    // Drops the slots that are free, and fills the others in.
    void load_slots(request_limit& limit, clock_point now) {
        // With each permit, so that the table never holds more than some minutes' slots.
        SQLite::Statement drop(database_, "DELETE FROM slot WHERE free_at <= ?");
        SQLite::bind(drop, milliseconds_of(now));
        drop.exec();
        SQLite::Statement all(database_, "SELECT id, free_at FROM slot");
        while (all.executeStep()) {
            // No slot can be taken for longer than a whole request lasts: a later time is a wrong clock's, and must not
            // hold the account for days.
            limit.hold(all.getColumn(0).getInt64(), std::min(time_of(all.getColumn(1)), now + max_slot_));
        }
    }

    slot_id insert_slot(clock_point free_at, clock_point now) {
        SQLite::Statement insert(database_, "INSERT INTO slot (boot, free_at, free_at_wall) VALUES (?, ?, ?)");
        SQLite::bind(insert, boot_, milliseconds_of(free_at), wall_of(free_at, now));
        insert.exec();
        return database_.getLastInsertRowid();
    }

    void move_slot(slot_id slot, clock_point free_at, clock_point now) {
        SQLite::Statement update(database_, "UPDATE slot SET free_at = ?, free_at_wall = ? WHERE id = ?");
        SQLite::bind(update, milliseconds_of(free_at), wall_of(free_at, now), slot);
        update.exec();
    }

    void delete_slot(slot_id slot) {
        SQLite::Statement remove(database_, "DELETE FROM slot WHERE id = ?");
        SQLite::bind(remove, slot);
        remove.exec();
    }

    clock_point blocked_until(clock_point now) {
        SQLite::Statement block(database_, "SELECT until FROM block");
        return block.executeStep()
                   ? std::clamp(time_of(block.getColumn(0)), now, now + max_block + std::chrono::minutes(1))
                   : now;
    }

    // Of the configured limit, at `now`.
    double share(clock_point now) {
        SQLite::Statement reduced(database_, "SELECT share, since FROM share");
        if (!reduced.executeStep()) {
            return 1;
        }
        // `since` is the end of the block and lies ahead while it lasts: nothing is given back meanwhile.
        const auto clean = std::max(now - time_of(reduced.getColumn(1)), boot_clock::duration::zero());
        // Whole minutes only, as it is documented ("each minute").
        const auto minutes = std::chrono::floor<std::chrono::minutes>(clean).count();
        return std::min(1.0, reduced.getColumn(0).getDouble() + share_a_minute * static_cast<double>(minutes));
    }

    void set_share(double share, clock_point since, clock_point now) {
        SQLite::Statement set(
            database_, "INSERT OR REPLACE INTO share (one, boot, share, since, since_wall) VALUES (1, ?, ?, ?, ?)");
        SQLite::bind(set, boot_, share, milliseconds_of(since), wall_of(since, now));
        set.exec();
    }

    // The wall clock orders them, since journals of earlier boots are among them; `id` breaks ties.
    std::vector<used_journal> journals() {
        std::vector<used_journal> all;
        SQLite::Statement s(database_, "SELECT id, sessions, path, coalesce(by_path, '') FROM journal "
                                       "LEFT JOIN replaced USING (id) ORDER BY used_at DESC, id");
        while (s.executeStep()) {
            all.push_back({s.getColumn(0).getString(), static_cast<std::uint64_t>(s.getColumn(1).getInt64()),
                           s.getColumn(2).getString(), s.getColumn(3).getString()});
        }
        return all;
    }

    void remember(const used_journal& journal) {
        SQLite::Statement set(database_,
                              "INSERT OR REPLACE INTO journal (id, sessions, path, used_at) VALUES (?, ?, ?, ?)");
        SQLite::bind(set, journal.id, static_cast<std::int64_t>(journal.sessions), journal.path,
                     std::int64_t{wall_now().time_since_epoch().count()});
        set.exec();
    }

    void reinstate(const std::string& id) {
        SQLite::Statement remove(database_, "DELETE FROM replaced WHERE id = ?");
        SQLite::bind(remove, id);
        remove.exec();
    }

    void replace(const std::string& id, const std::string& by) {
        SQLite::Statement set(database_, "INSERT OR REPLACE INTO replaced (id, by_path) VALUES (?, ?)");
        SQLite::bind(set, id, by);
        set.exec();
    }

    void set_block(clock_point until, clock_point now) {
        SQLite::Statement set(database_,
                              "INSERT OR REPLACE INTO block (one, boot, until, until_wall) VALUES (1, ?, ?, ?)");
        SQLite::bind(set, boot_, milliseconds_of(until), wall_of(until, now));
        set.exec();
    }

private:
    // Where two programs make the file at once, one of them is told at once that it is busy, without SQLite's own wait:
    // each would wait for the other.
    void patiently(const char* sql) {
        constexpr std::chrono::milliseconds nap{5};
        for (int waited = 0; waited < busy_timeout_ms; waited += static_cast<int>(nap.count())) {
            const int code = database_.tryExec(sql);
            if (code == SQLITE_OK) {
                return;
            }
            if (code != SQLITE_BUSY) {
                break;
            }
            std::this_thread::sleep_for(nap);
        }
        database_.exec(sql);  // it says what is wrong
    }

    static std::int64_t milliseconds_of(clock_point t) { return t.time_since_epoch().count(); }
    static clock_point time_of(const SQLite::Column& column) {
        return clock_point(boot_clock::duration(column.getInt64()));
    }
    // The same moment by the wall clock, for a program that starts after a reboot.
    static std::int64_t wall_of(clock_point t, clock_point now) {
        return wall_now().time_since_epoch().count() + (t - now).count();
    }

    // Translates the times of another boot into this one's, once. What is left of them by the
    // wall clock is believed from nothing to `longest`. Where the kernel does not tell one boot from another, any may
    // be another.
    void adopt(const std::string& table, const std::string& column, boot_clock::duration longest) {
        SQLite::Statement update(database_,
                                 fmt::format("UPDATE {0} SET boot = ?1, {1} = ?2 + min(max({1}_wall - ?3, 0), ?4) "
                                             "WHERE boot <> ?1 OR ?1 = ''",
                                             table, column));
        SQLite::bind(update, boot_, milliseconds_of(boot_clock::now()),
                     std::int64_t{wall_now().time_since_epoch().count()}, std::int64_t{longest.count()});
        update.exec();
    }

    SQLite::Database database_;
    std::string boot_;
    boot_clock::duration max_slot_;
    std::string id_;
};

account_state::account_state(const fs::path& file, std::uint32_t per_minute, request_limit::request_times times,
                             bool is_shared)
    : per_minute_(per_minute), times_(times) {
    // Before SQLite opens it, which would make it with the umask's rights.
    make_file(file, is_shared);
    try {
        // Only the difference counts: the longest time that a slot can be taken.
        const auto now = clock_point{};
        store_ = std::make_unique<store>(file, request_limit(per_minute_, times_).free_if_unheard_of(now) - now);
    } catch (const SQLite::Exception& error) {
        const bool is_damaged = error.getErrorCode() == SQLITE_NOTADB || error.getErrorCode() == SQLITE_CORRUPT;
        const char* remedy = is_damaged
                                 ? "it is damaged: delete it, and let a minute pass before the next run (eleven, "
                                   "if the account is blocked)"
                                 : "make its folder writable and leave some space there, or point "
                                   "STATE_DIRECTORY to another";
        throw command_error(exit_code::usage,
                            fmt::format("the account's state file {} cannot be opened ({}); it keeps the "
                                        "request limit across runs: {}",
                                        file.string(), error.what(), remedy));
    }
}

account_state::~account_state() = default;

// At least one a minute: a limit of 0 would never send the request that could bring the share back.
std::uint32_t account_state::allowed(clock_point now) {
    return std::max(1U, static_cast<std::uint32_t>(std::lround(store_->share(now) * static_cast<double>(per_minute_))));
}

account_state::usage account_state::in_use(clock_point now) {
    return store_->transact([&]() -> usage {
        request_limit limit(allowed(now), times_);
        store_->load_slots(limit, now);
        return {.taken = limit.taken(), .limit = allowed(now)};
    });
}

account_state::permit account_state::take(clock_point now) {
    return store_->transact([&]() -> permit {
        const std::uint32_t allowed = this->allowed(now);
        const auto until = store_->blocked_until(now);
        if (until > now) {
            return {.slot = {}, .wait = until - now, .blocked = true, .limit = allowed};
        }
        request_limit limit(allowed, times_);
        store_->load_slots(limit, now);
        const auto wait = limit.delay(now);
        if (wait > boot_clock::duration::zero()) {
            return {.slot = {}, .wait = wait, .blocked = false, .limit = allowed};
        }
        // Taken for the longest that a request can last: a program that dies now leaves a slot that comes free by
        // itself.
        return {.slot = store_->insert_slot(limit.free_if_unheard_of(now), now),
                .wait = {},
                .blocked = false,
                .limit = allowed};
    });
}

void account_state::answered(slot_id slot, clock_point now) {
    store_->transact([&] {
        store_->move_slot(slot, request_limit::free_once_answered(now), now);
        return true;
    });
}

void account_state::given_up(slot_id slot, clock_point now) {
    store_->transact([&] {
        store_->move_slot(slot, request_limit(per_minute_, times_).free_once_given_up(now), now);
        return true;
    });
}

void account_state::unused(slot_id slot) {
    store_->transact([&] {
        store_->delete_slot(slot);
        return true;
    });
}

void account_state::block(boot_clock::duration wait, clock_point now) {
    store_->transact([&] {
        const auto until = store_->blocked_until(now);
        // A block only grows: an answer that was under way may tell of an earlier end.
        if (now + wait > until) {
            const double share = store_->share(now);
            // Each request that was under way tells of the same block; it halves the share once.
            const bool is_new = until <= now;
            store_->set_share(is_new ? std::max(least_share, share * share_after_block) : share, now + wait, now);
            store_->set_block(now + wait, now);
        }
        return true;
    });
}

const std::string& account_state::id() const {
    return store_->id();
}

std::vector<used_journal> account_state::journals() {
    return store_->transact([&] { return store_->journals(); });
}

void account_state::remember(const used_journal& journal) {
    store_->transact([&] {
        store_->remember(journal);
        return true;
    });
}

void account_state::replace(const std::string& id, const std::string& by) {
    store_->transact([&] {
        store_->replace(id, by);
        return true;
    });
}

void account_state::reinstate(const std::string& id) {
    store_->transact([&] {
        store_->reinstate(id);
        return true;
    });
}

clock_point account_state::blocked_until(clock_point now) {
    return store_->transact([&] { return store_->blocked_until(now); });
}

}  // namespace baseload
