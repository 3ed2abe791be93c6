#include "baseload/api/account_state.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/fingerprint.hpp"
#include "baseload/core/termination.hpp"
#include "baseload/core/wall_clock.hpp"
#include "baseload/database/postgres_schema.hpp"
#include "baseload/database/postgres_session.hpp"
#include "baseload/database/sqlite_session.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <thread>

namespace baseload {
namespace {

namespace fs = std::filesystem;
using clock_point = boot_clock::time_point;

// Programs hold the file for the length of one short transaction; who waits longer than this met something else.
constexpr int busy_timeout_ms = 10'000;
// How long a database may take for an answer, and how often it is asked again where it cannot be reached.
constexpr std::chrono::milliseconds answer_within{10'000};
constexpr std::chrono::milliseconds between_attempts{500};
constexpr std::chrono::milliseconds patience{20'000};
// Between two looks at the database's clock and this machine's; beyond it one of them was set, or stood still.
constexpr std::chrono::milliseconds max_drift{2000};
// Retry-After is believed up to an hour (block_notice.cpp); the minute is for its margin. What claims more is a damaged
// entry or a wrong clock.
constexpr boot_clock::duration max_block = std::chrono::hours(1) + std::chrono::minutes(1);
// Halved at once and given back slowly, as TCP does with its window (RFC 5681), so that programs which know nothing of
// each other find a share each.
constexpr double share_after_block = 0.5;
constexpr double least_share = 0.1;
constexpr double share_a_minute = 0.1;  // given back

// Times are milliseconds: since the boot named by `boot`, and since 1970. In a database, by whose clock all of them
// are, both are the same.
constexpr const char* file_tables = R"sql(
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

constexpr const char* database_tables = R"sql(
CREATE TABLE slot (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, boot TEXT NOT NULL,
    free_at BIGINT NOT NULL, free_at_wall BIGINT NOT NULL);
CREATE TABLE block (one BIGINT PRIMARY KEY CHECK (one = 1), boot TEXT NOT NULL, until BIGINT NOT NULL,
    until_wall BIGINT NOT NULL);
CREATE TABLE share (one BIGINT PRIMARY KEY CHECK (one = 1), boot TEXT NOT NULL, share DOUBLE PRECISION NOT NULL,
    since BIGINT NOT NULL, since_wall BIGINT NOT NULL);
CREATE TABLE identity (one BIGINT PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, steps BIGINT NOT NULL DEFAULT 0);
CREATE TABLE journal (id TEXT COLLATE "C" PRIMARY KEY, sessions BIGINT NOT NULL, path TEXT NOT NULL,
    used_at BIGINT NOT NULL);
CREATE TABLE replaced (id TEXT COLLATE "C" PRIMARY KEY, by_path TEXT NOT NULL);
INSERT INTO identity VALUES (1, replace(gen_random_uuid()::text, '-', ''));
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

// Says what a failure means for the limit, once the state is open.
[[noreturn]] void throw_unusable(const database_failure& failure) {
    throw command_error(
        exit_code::stopped,
        fmt::format("the account's state {} cannot be used ({}); without it the request limit cannot be kept, so "
                    "nothing more is sent: {}, and run again",
                    failure.place, failure.reason,
                    failure.what == database_failure::kind::unreachable ? "start the server or put its url right"
                                                                        : "free some space or fix it"));
}

}  // namespace

// The tables, and the clock that they are kept by: engines differ in how they are opened and in that clock.
class account_state::store {
public:
    virtual ~store() = default;
    store(const store&) = delete;
    store& operator=(const store&) = delete;

    [[nodiscard]] const std::string& id() const { return id_; }

    template <class Work>
    auto transact(Work&& work) {
        refuse_after_failure();
        for (int attempts = 0;; ++attempts) {
            try {
                session_->begin();
                lock();
                // Every `work` returns a value, since a void result could not be kept across the commit.
                auto result = work();
                session_->commit();
                return result;
            } catch (const command_error&) {
                session_->rollback();
                if (!can_try_again(attempts)) {
                    throw;
                }
            }
        }
    }

    // Drops the slots that are free, and fills the others in.
    void load_slots(request_limit& limit, clock_point now) {
        // With each permit, so that the table never holds more than some minutes' slots.
        session_->change("DELETE FROM slot WHERE free_at <= ?", stored(now));
        sql_rows all = session_->query("SELECT id, free_at FROM slot");
        while (all.next()) {
            // No slot can be taken for longer than a whole request lasts: a later time is a wrong clock's, and must not
            // hold the account for days.
            limit.hold(all.integer(0), std::min(read(all.integer(1)), now + max_slot_));
        }
    }

    slot_id insert_slot(clock_point free_at, clock_point now) {
        return session_->change_returning(
            "INSERT INTO slot (boot, free_at, free_at_wall) VALUES (?, ?, ?) RETURNING id", boot_, stored(free_at),
            wall_of(free_at, now));
    }

    void move_slot(slot_id slot, clock_point free_at, clock_point now) {
        session_->change("UPDATE slot SET free_at = ?, free_at_wall = ? WHERE id = ?", stored(free_at),
                         wall_of(free_at, now), slot);
    }

    void delete_slot(slot_id slot) { session_->change("DELETE FROM slot WHERE id = ?", slot); }

    clock_point blocked_until(clock_point now) {
        sql_rows block = session_->query("SELECT until FROM block");
        return block.next() ? std::clamp(read(block.integer(0)), now, now + max_block + std::chrono::minutes(1)) : now;
    }

    // Of the configured limit, at `now`.
    double share(clock_point now) {
        sql_rows reduced = session_->query("SELECT share, since FROM share");
        if (!reduced.next()) {
            return 1;
        }
        // `since` is the end of the block and lies ahead while it lasts: nothing is given back meanwhile.
        const auto clean = std::max(now - read(reduced.integer(1)), boot_clock::duration::zero());
        // Whole minutes only, as it is documented ("each minute").
        const auto minutes = std::chrono::floor<std::chrono::minutes>(clean).count();
        return std::min(1.0, reduced.real(0) + share_a_minute * static_cast<double>(minutes));
    }

    void set_share(double share, clock_point since, clock_point now) {
        session_->change("INSERT INTO share (one, boot, share, since, since_wall) VALUES (1, ?, ?, ?, ?) "
                         "ON CONFLICT (one) DO UPDATE SET boot = excluded.boot, share = excluded.share, "
                         "since = excluded.since, since_wall = excluded.since_wall",
                         boot_, share, stored(since), wall_of(since, now));
    }

    // The wall clock orders them, since journals of earlier boots are among them; `id` breaks ties.
    std::vector<used_journal> journals() {
        std::vector<used_journal> all;
        sql_rows s = session_->query("SELECT id, sessions, path, coalesce(by_path, '') FROM journal "
                                     "LEFT JOIN replaced USING (id) ORDER BY used_at DESC, id");
        while (s.next()) {
            all.push_back({s.text(0), static_cast<std::uint64_t>(s.integer(1)), s.text(2), s.text(3)});
        }
        return all;
    }

    void remember(const used_journal& journal) {
        session_->change(
            "INSERT INTO journal (id, sessions, path, used_at) VALUES (?, ?, ?, ?) "
            // Shards tell of one journal, in any order.
            "ON CONFLICT (id) DO UPDATE SET path = excluded.path, used_at = excluded.used_at, sessions = "
            "CASE WHEN journal.sessions > excluded.sessions THEN journal.sessions ELSE excluded.sessions END",
            journal.id, journal.sessions, journal.path, std::int64_t{wall_now().time_since_epoch().count()});
    }

    void reinstate(const std::string& id) { session_->change("DELETE FROM replaced WHERE id = ?", id); }

    void replace(const std::string& id, const std::string& by) {
        session_->change("INSERT INTO replaced (id, by_path) VALUES (?, ?) "
                         "ON CONFLICT (id) DO UPDATE SET by_path = excluded.by_path",
                         id, by);
    }

    void set_block(clock_point until, clock_point now) {
        session_->change("INSERT INTO block (one, boot, until, until_wall) VALUES (1, ?, ?, ?) "
                         "ON CONFLICT (one) DO UPDATE SET boot = excluded.boot, until = excluded.until, "
                         "until_wall = excluded.until_wall",
                         boot_, stored(until), wall_of(until, now));
    }

protected:
    store(std::string boot, boot_clock::duration max_slot) : boot_(std::move(boot)), max_slot_(max_slot) {}

    void open(std::unique_ptr<sql_session> session) { session_ = std::move(session); }
    void read_id() {
        sql_rows s = session_->query("SELECT id FROM identity");
        static_cast<void>(s.next());
        id_ = s.text(0);
    }
    // How far the clock of the tables is ahead of this machine's boot clock.
    [[nodiscard]] boot_clock::duration ahead() const { return ahead_; }
    void set_ahead(boot_clock::duration ahead) { ahead_ = ahead; }
    [[nodiscard]] sql_session& session() { return *session_; }
    [[nodiscard]] const std::string& boot() const { return boot_; }

    // Within the transaction, before anything is read: nobody else changes anything until its end.
    virtual void lock() {}
    [[nodiscard]] virtual bool can_try_again(int /*attempts*/) { return false; }
    virtual void refuse_after_failure() {}

private:
    std::int64_t stored(clock_point t) const { return (t + ahead_).time_since_epoch().count(); }
    clock_point read(std::int64_t milliseconds) const {
        return clock_point(boot_clock::duration(milliseconds)) - ahead_;
    }
    // The same moment by the wall clock, for a program that starts after a reboot.
    static std::int64_t wall_of(clock_point t, clock_point now) {
        return wall_now().time_since_epoch().count() + (t - now).count();
    }

    std::unique_ptr<sql_session> session_;
    std::string boot_;
    boot_clock::duration max_slot_;
    boot_clock::duration ahead_{0};
    std::string id_;
};

// A file of this machine. A time is kept by the boot clock, which nobody can set, and beside it by the wall clock, by
// which the first program after a reboot translates it.
class account_state::file_store final : public store {
public:
    file_store(const fs::path& file, boot_clock::duration max_slot) : store(boot_id(), max_slot) {
        auto opened =
            std::make_unique<sqlite_session>(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, throw_unusable);
        SQLite::Database& database = opened->database();
        // FULL: a slot that a power loss takes back would be given out twice within a minute
        // (tests/journal/power_loss_test.cpp).
        patiently(database, "PRAGMA journal_mode = WAL");
        database.exec("PRAGMA synchronous = FULL");
        patiently(database, file_tables);
        // At each opening, so that a running program never meets a time of another boot.
        adopt(database, "slot", "free_at", max_slot);
        adopt(database, "block", "until", max_block);
        adopt(database, "share", "since", max_block);
        open(std::move(opened));
        read_id();
    }

private:
    // Where two programs make the file at once, one of them is told at once that it is busy, without SQLite's own wait:
    // each would wait for the other.
    static void patiently(SQLite::Database& database, const char* sql) {
        constexpr std::chrono::milliseconds nap{5};
        for (int waited = 0; waited < busy_timeout_ms; waited += static_cast<int>(nap.count())) {
            const int code = database.tryExec(sql);
            if (code == SQLITE_OK) {
                return;
            }
            if (code != SQLITE_BUSY) {
                break;
            }
            std::this_thread::sleep_for(nap);
        }
        database.exec(sql);  // it says what is wrong
    }

    // Translates the times of another boot into this one's, once. What is left of them by the
    // wall clock is believed from nothing to `longest`. Where the kernel does not tell one boot from another, any may
    // be another.
    void adopt(SQLite::Database& database, const std::string& table, const std::string& column,
               boot_clock::duration longest) const {
        SQLite::Statement update(database,
                                 fmt::format("UPDATE {0} SET boot = ?1, {1} = ?2 + min(max({1}_wall - ?3, 0), ?4) "
                                             "WHERE boot <> ?1 OR ?1 = ''",
                                             table, column));
        SQLite::bind(update, boot(), std::int64_t{boot_clock::now().time_since_epoch().count()},
                     std::int64_t{wall_now().time_since_epoch().count()}, std::int64_t{longest.count()});
        update.exec();
    }
};

// A schema of a database: one clock for all machines.
class account_state::database_store final : public store {
public:
    database_store(const account_database& where, boot_clock::duration max_slot)
        : store("database", max_slot), place_(place_of(where)) {
        {
            postgres_connection connection(place_, "baseload", postgres_connection::purpose::to_write, answer_within);
            make_tables(connection, place_.schema, "identity", database_tables);
        }
        open(std::make_unique<postgres_session>(place_, postgres_connection::purpose::to_write, answer_within,
                                                [this](const database_failure& failure) {
                                                    last_failure_ = failure.what;
                                                    throw_unusable(failure);
                                                }));
        read_id();
    }

    // The name says nothing of the account: it may have any characters, and be long.
    [[nodiscard]] static postgres_place place_of(const account_database& where) {
        return {.url = where.url,
                .schema = fmt::format("baseload_account_{:016x}", fingerprint_of(where.account).high),
                .text = where.url};
    }

private:
    // Each waits here for the one before. The clock is read afterwards, and this machine's before it: what is stored is
    // rather too late than too early.
    void lock() override {
        std::int64_t steps = 0;
        {
            sql_rows locked = session().query("SELECT steps FROM identity FOR UPDATE");
            if (!locked.next()) {
                throw_unusable(
                    {.what = database_failure::kind::damaged, .place = place_.text, .reason = "it has no identity"});
            }
            steps = locked.integer(0);
        }
        const auto here = boot_clock::now();
        sql_rows clock = session().query("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)");
        static_cast<void>(clock.next());
        const boot_clock::duration ahead = boot_clock::duration(clock.integer(0)) - here.time_since_epoch();
        // Somebody has set the database's clock, or this machine stood still. The first that notices it moves what the
        // tables hold; the others find a step more.
        const boot_clock::duration step = ahead - this->ahead();
        if (is_measured_ && std::chrono::abs(step) > max_drift && steps == steps_) {
            session().change("UPDATE slot SET free_at = free_at + ?", std::int64_t{step.count()});
            session().change("UPDATE block SET until = until + ?", std::int64_t{step.count()});
            session().change("UPDATE share SET since = since + ?", std::int64_t{step.count()});
            session().change("UPDATE identity SET steps = ?", ++steps);
        }
        is_measured_ = true;
        steps_ = steps;
        set_ahead(ahead);
    }

    // A server that is restarted, or replaced by its standby, is back in a moment.
    bool can_try_again(int attempts) override {
        const auto now = boot_clock::now();
        if (attempts == 0) {
            deadline_ = now + patience;
        }
        // A standby that is about to take the primary's place takes no writes yet.
        const bool may_come_back =
            last_failure_ == database_failure::kind::unreachable || last_failure_ == database_failure::kind::read_only;
        has_given_up_ = !may_come_back || is_termination_requested() || now > deadline_;
        if (has_given_up_) {
            return false;
        }
        if (attempts == 0) {
            spdlog::warn("the account's state in {} does not answer; it is tried again for {} seconds", place_.text,
                         std::chrono::duration_cast<std::chrono::seconds>(patience).count());
        }
        std::this_thread::sleep_for(between_attempts);
        return true;
    }

    // Once the run ends for want of it, nothing waits for it again.
    void refuse_after_failure() override {
        if (has_given_up_) {
            throw_unusable({.what = last_failure_, .place = place_.text, .reason = "it did not answer"});
        }
    }

    postgres_place place_;
    database_failure::kind last_failure_ = database_failure::kind::other;
    clock_point deadline_{};
    bool has_given_up_ = false;
    bool is_measured_ = false;
    std::int64_t steps_ = 0;  // of the database's clock, as this program has seen them
};

account_state::account_state(const fs::path& file, std::uint32_t per_minute, request_limit::request_times times,
                             bool is_shared)
    : per_minute_(per_minute), times_(times) {
    // Before SQLite opens it, which would make it with the umask's rights.
    make_file(file, is_shared);
    try {
        store_ = std::make_unique<file_store>(file, longest_slot());
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

account_state::account_state(const account_database& where, const fs::path& witness, std::uint32_t per_minute,
                             request_limit::request_times times)
    : per_minute_(per_minute), times_(times) {
    if (!witness.empty()) {
        make_file(witness, false);
        try {
            witness_ = std::make_unique<file_store>(witness, longest_slot());
        } catch (const std::exception&) {
            witness_.reset();
        }
    }
    try {
        store_ = std::make_unique<database_store>(where, longest_slot());
    } catch (const postgres_error& error) {
        throw command_error(exit_code::usage,
                            fmt::format("the account's state in {} cannot be opened ({}); it keeps the request limit "
                                        "for all machines: {}",
                                        where.url, error.what(), remedy_on_server(error.kind())));
    }
}

account_state::~account_state() = default;

// Only the difference counts: the longest time that a slot can be taken.
boot_clock::duration account_state::longest_slot() const {
    const auto now = clock_point{};
    return request_limit(per_minute_, times_).free_if_unheard_of(now) - now;
}

std::string account_state::script_for_administrator(const account_database& where, const std::string& role) {
    return baseload::script_for_administrator(database_store::place_of(where).schema, "identity", database_tables, "",
                                              role);
}

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

// Of what both know the higher count stands: the other was put back from a backup.
std::vector<used_journal> account_state::journals() {
    std::vector<used_journal> all = store_->transact([&] { return store_->journals(); });
    if (!witness_) {
        return all;
    }
    for (used_journal& seen : witness_->transact([&] { return witness_->journals(); })) {
        const auto same = std::find_if(all.begin(), all.end(), [&](const auto& j) { return j.id == seen.id; });
        if (same == all.end()) {
            all.push_back(std::move(seen));
        } else {
            same->sessions = std::max(same->sessions, seen.sessions);
        }
    }
    return all;
}

template <class Change>
void account_state::change_both(Change&& change) {
    for (store* each : {store_.get(), witness_.get()}) {
        if (each != nullptr) {
            each->transact([&] {
                change(*each);
                return true;
            });
        }
    }
}

void account_state::remember(const used_journal& journal) {
    change_both([&](store& s) { s.remember(journal); });
}

void account_state::replace(const std::string& id, const std::string& by) {
    change_both([&](store& s) { s.replace(id, by); });
}

void account_state::reinstate(const std::string& id) {
    change_both([&](store& s) { s.reinstate(id); });
}

clock_point account_state::blocked_until(clock_point now) {
    return store_->transact([&] { return store_->blocked_until(now); });
}

}  // namespace baseload
