// What the journal knows of itself.
#include "sqlite_journal.hpp"
#include "sqlite_values.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <exception>

namespace baseload {

void sqlite_journal::read_identity() {
    SQLite::Statement self(session_.database(), "SELECT id, sessions, lost_log, newest_id, ids_rise FROM self");
    static_cast<void>(self.executeStep());
    id_ = self.getColumn(0).getString();
    sessions_found_ = static_cast<std::uint64_t>(self.getColumn(1).getInt64());
    sessions_ = sessions_found_;
    // Odd: the last session never ended. If the log is there the run was killed, and the journal is whole; if not, the
    // log was lost, or the main file was copied without it.
    const bool was_open = sessions_found_ % 2 == 1;
    lost_log_ = self.getColumn(2).getInt() != 0 || (lost_log_ && was_open);
    if (!self.getColumn(3).isNull()) {
        newest_id_ = self.getColumn(3).getInt64();
    }
    ids_rise_ = self.getColumn(4).getInt() != 0;
    self.reset();
    SQLite::Statement newest(session_.database(), "SELECT max(crm_client_id) FROM client");
    if (newest.executeStep() && !newest.getColumn(0).isNull()) {
        // `self` holds ids that may have no client's row (saw_id, forget), so the higher of both is the newest.
        newest_id_ = std::max(newest_id_.value_or(0), newest.getColumn(0).getInt64());
    }
    newest.reset();
}

void sqlite_journal::keep_what_was_open() {
    if (sessions_found_ % 2 == 1) {
        keep_log(true);  // nobody but the next session puts what a killed one left into the main file
    }
    if (lost_log_) {
        session_.database().exec("UPDATE self SET lost_log = 1");  // the log that is made now shall not hide it
    }
}

// SQLite puts the log into the main file and deletes it when its last connection closes, unless told otherwise
// (https://www.sqlite.org/c3ref/c_dbconfig_defensive.html, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE).
void sqlite_journal::keep_log(bool keep) {
    ::sqlite3_db_config(session_.database().getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, nullptr);
}

void sqlite_journal::begin_session(std::uint64_t at_least) {
    commit();
    const std::uint64_t last = std::max(sessions_found_, at_least);
    // The next odd number above both: higher than the count of any copy and than the one that the state file remembers.
    sessions_ = last + (last % 2 == 1 ? 2 : 1);
    session_.guarded([&] {
        SQLite::Database& database = session_.database();
        // Until the session ends, nothing removes the log. It is not truncated either: it is never empty meanwhile.
        keep_log(true);
        database.exec(fmt::format("UPDATE self SET sessions = {}", sessions_));
        // Puts the odd count into the main file itself, so that a copy without its log shows that it is half.
        database.exec("PRAGMA wal_checkpoint(FULL)");
    });
    in_session_ = true;
}

void sqlite_journal::end_session() {
    commit();
    // In the same transaction as the even count: a kill here leaves the session open, and nothing is lost.
    if (directory_.is_log_worth_folding()) {
        fold_log();
    }
    session_.change("UPDATE self SET sessions = ?", sessions_ + 1);
    session_.commit();
    ++sessions_;
    in_session_ = false;
    keep_log(false);
}

void sqlite_journal::advance_session() {
    // By two, so that it stays odd while the session is open.
    sessions_ += 2;
    session_.change("UPDATE self SET sessions = ?", sessions_);
}

sqlite_journal::~sqlite_journal() {
    if (!in_session_) {
        return;
    }
    // A destructor must not throw. What fails here shows at the next start: the journal is still marked as open.
    try {
        rollback();  // what was not committed is not wanted
        end_session();
    } catch (const std::exception&) {
        // It stays marked as open, with its log beside it, as after a kill.
    }
}

void sqlite_journal::take_as_whole() {
    lost_log_ = false;
    session_.change("UPDATE self SET lost_log = 0");
}

bool sqlite_journal::has_history() {
    return session_.guarded([&] {
        return session_.database()
                   .execAndGet("SELECT EXISTS (SELECT 1 FROM client) OR EXISTS (SELECT 1 FROM intent) "
                               "OR EXISTS (SELECT 1 FROM refusal) OR (SELECT linked FROM self)")
                   .getInt() == 1;
    });
}

void sqlite_journal::mark_linked() {
    session_.change("UPDATE self SET linked = 1");
}

token_mark sqlite_journal::marked_token() {
    return session_.guarded([&] {
        SQLite::Statement& s = session_.query("SELECT token_salt, token_hash FROM self");
        static_cast<void>(s.executeStep());
        token_mark mark{s.getColumn(0).getString(), s.getColumn(1).getString()};
        s.reset();
        return mark;
    });
}

void sqlite_journal::mark_token(const token_mark& mark) {
    session_.change("UPDATE self SET token_salt = ?, token_hash = ?", mark.salt, mark.hash);
}

std::optional<sending_mark> sqlite_journal::last_sending() {
    return session_.guarded([&]() -> std::optional<sending_mark> {
        SQLite::Statement& s = session_.query("SELECT state_id, sending_until FROM self WHERE state_id IS NOT NULL");
        if (!s.executeStep()) {
            return std::nullopt;
        }
        sending_mark mark{s.getColumn(0).getString(), wall_time_of(s.getColumn(1).getInt64())};
        s.reset();
        return mark;
    });
}

void sqlite_journal::mark_sending(const sending_mark& mark) {
    session_.change("UPDATE self SET state_id = ?, sending_until = ?", mark.state_id, milliseconds_of(mark.until));
}

}  // namespace baseload
