// What the journal knows of itself.
#include "sql_journal.hpp"
#include "sql_values.hpp"

#include <algorithm>
#include <exception>

namespace baseload {

void sql_journal::read_identity() {
    {
        sql_rows self = session_.query("SELECT id, sessions, lost_log, ids_rise FROM self");
        static_cast<void>(self.next());
        id_ = self.text(0);
        sessions_ = static_cast<std::uint64_t>(self.integer(1));
        has_lost_its_log_ = self.integer(2) == 1;
        may_lack_clients_ = self.integer(2) == 2;
        ids_rise_ = self.integer(3) != 0;
    }
    read_newest_id();
}

// `self` holds ids that may have no client's row (saw_id, forget), so the higher of both is the newest.
void sql_journal::read_newest_id() {
    sql_rows s = session_.query("SELECT newest_id, (SELECT max(crm_client_id) FROM client) FROM self");
    static_cast<void>(s.next());
    newest_id_ = s.optional_integer(0);
    if (const auto last = s.optional_integer(1)) {
        last_client_found_ = *last;
        newest_id_ = std::max(newest_id_.value_or(0), *last);
    }
}

// Another shard may have seen one since this one opened.
std::optional<std::int64_t> sql_journal::newest_id() {
    if (!newest_id_ && !part_.is_whole()) {
        read_newest_id();
    }
    return newest_id_;
}

// Other shards have moved it on too.
void sql_journal::read_sessions() {
    if (!part_.is_whole()) {
        sql_rows self = session_.query("SELECT sessions FROM self");
        sessions_ = self.next() ? static_cast<std::uint64_t>(self.integer(0)) : sessions_;
    }
}

// Other shards move the count on, and say so in the account's state, while this one opens.
std::uint64_t sql_journal::sessions_found() const {
    if (part_.is_whole()) {
        return sessions_found_;
    }
    sql_rows self = session_.query("SELECT sessions FROM self");
    return self.next() ? static_cast<std::uint64_t>(self.integer(0)) : sessions_found_;
}

void sql_journal::begin_session(std::uint64_t at_least) {
    commit();
    const std::uint64_t last = std::max(sessions_found_, at_least);
    // The next odd number above both: higher than the count of any copy and than the one that the state file remembers.
    sessions_ = last + (last % 2 == 1 ? 2 : 1);
    // Another shard may have begun one since it was read.
    session_.change("UPDATE self SET sessions = CASE WHEN sessions < ? THEN ? ELSE sessions + 1 + sessions % 2 END",
                    sessions_, sessions_);
    session_.commit();
    read_sessions();
    in_session_ = true;
}

void sql_journal::end_session() {
    commit();
    // Other shards may be at work: the journal stays open, and its log as it is, until one holds it as a whole. A copy
    // that was taken before falls behind.
    if (!part_.is_whole()) {
        advance_session();
        session_.commit();
        in_session_ = false;
        return;
    }
    // In the same transaction as the even count: a kill here leaves the session open, and nothing is lost.
    if (directory_.is_log_worth_folding()) {
        fold_log();
    }
    session_.change("UPDATE self SET sessions = sessions + 1");
    session_.commit();
    ++sessions_;
    in_session_ = false;
}

// For the destructors of engines, which must not throw. What fails here shows at the next start: the journal is still
// marked as open, as after a kill.
void sql_journal::end_open_session() noexcept {
    try {
        if (in_session_) {
            sql_journal::rollback();  // what was not committed is not wanted
            end_session();
        }
    } catch (const std::exception&) {
        return;
    }
}

void sql_journal::advance_session() {
    // By two, so that it stays odd while the session is open.
    sessions_ += 2;
    session_.change("UPDATE self SET sessions = sessions + 2");
    read_sessions();
}

void sql_journal::take_as_whole() {
    has_lost_its_log_ = false;
    may_lack_clients_ = false;
    session_.change("UPDATE self SET lost_log = 0");
}

bool sql_journal::has_history() {
    sql_rows s = session_.query("SELECT CASE WHEN EXISTS (SELECT 1 FROM client) OR EXISTS (SELECT 1 FROM intent) "
                                "OR EXISTS (SELECT 1 FROM refusal) OR linked <> 0 THEN 1 ELSE 0 END FROM self");
    return s.next() && s.integer(0) == 1;
}

void sql_journal::mark_linked() {
    session_.change("UPDATE self SET linked = 1");
}

token_mark sql_journal::marked_token() {
    sql_rows s = session_.query("SELECT token_salt, token_hash FROM self");
    static_cast<void>(s.next());
    return {s.text(0), s.text(1)};
}

void sql_journal::mark_token(const token_mark& mark) {
    session_.change("UPDATE self SET token_salt = ?, token_hash = ?", mark.salt, mark.hash);
}

std::optional<sending_mark> sql_journal::last_sending() {
    sql_rows s = session_.query("SELECT state_id, sending_until FROM self WHERE state_id IS NOT NULL");
    if (!s.next()) {
        return std::nullopt;
    }
    return sending_mark{s.text(0), wall_time_of(s.integer(1))};
}

void sql_journal::mark_sending(const sending_mark& mark) {
    session_.change("UPDATE self SET state_id = ?, sending_until = ?", mark.state_id, milliseconds_of(mark.until));
}

}  // namespace baseload
