// The journal's runs, and what the account said.
#include "sql_journal.hpp"

#include "run_codec.hpp"
#include "sql_values.hpp"

#include <unistd.h>

#include <utility>

namespace baseload {

// No run is ever taken out, so no number is given again, and what `client` and `backup` say of a run stays true.
std::int64_t sql_journal::begin_run(const std::string& source, wall_time now) {
    if (!part_.is_whole()) {
        session_.change("UPDATE self SET one = one");  // other shards take numbers too: one after the other
    }
    {
        sql_rows last = session_.query("SELECT coalesce(max(id), 0) FROM run");
        run_ = last.next() ? last.integer(0) + 1 : 1;
    }
    session_.change("INSERT INTO run (id, source, pid, started_at) VALUES (?, ?, ?, ?)", run_, source,
                    std::int64_t{::getpid()}, milliseconds_of(now));
    commit();
    return run_;
}

void sql_journal::end_run(const run_summary& s) {
    session_.change("UPDATE run SET source = ?, finished_at = ?, exit_code = ?, records = ?, created = ?, updated = ?, "
                    "unchanged = ?, rejected = ?, in_doubt = ?, not_reached = ?, skipped = ?, requests = ?, "
                    "partial = ?, stopped_because = ?, missing_refused = ?, missing_action = ?, missing = ?, "
                    "missing_done = ?, more = ?, details = ? WHERE id = ?",
                    s.source, milliseconds_of(s.finished), std::int64_t{static_cast<int>(s.code)}, s.records,
                    s.rows.of(outcome::created), s.rows.of(outcome::updated), s.rows.of(outcome::unchanged),
                    s.rows.of(outcome::rejected), s.rows.of(outcome::in_doubt), s.rows.of(outcome::not_reached),
                    s.rows.of(outcome::skipped), s.requests, std::int64_t{s.partial ? 1 : 0}, s.stopped_because,
                    std::int64_t{s.missing.refused ? 1 : 0}, s.missing.action, s.missing.count, s.missing.done,
                    encode_more(s), encode_details(s.details), run_);
    // A report is asked for within days; what it takes would otherwise grow for years.
    session_.change("UPDATE run SET details = '' WHERE id <= ? AND details <> ''", run_ - runs_with_details);
    commit();
}

void sql_journal::undone(std::int64_t run, wall_time now) {
    session_.change("UPDATE run SET undone_at = ? WHERE id = ?", milliseconds_of(now), run);
}

std::optional<std::uint64_t> sql_journal::last_full_records() {
    sql_rows s =
        // 0 and 1 are the ends of a run that reached its last row (core/exit_code.hpp); a rejected row is part of a
        // full run.
        session_.query(
            "SELECT records - skipped FROM run WHERE exit_code IN (0, 1) AND partial = 0 AND missing_refused = 0 "
            "ORDER BY id DESC LIMIT 1");
    if (!s.next()) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(s.integer(0));
}

std::int64_t sql_journal::last_full_run() {
    sql_rows s = session_.query(
        "SELECT coalesce(max(id), 0) FROM run WHERE exit_code IN (0, 1) AND partial = 0 AND missing_refused = 0");
    static_cast<void>(s.next());
    return s.integer(0);
}

std::vector<run_record> sql_journal::runs() {
    std::vector<run_record> all;
    sql_rows s = session_.query(
        "SELECT r.id, r.source, r.pid, r.started_at, r.finished_at, r.exit_code, r.records, r.created, r.updated, "
        "r.unchanged, r.rejected, r.in_doubt, r.not_reached, r.skipped, r.requests, r.stopped_because, a.name, "
        "r.undone_at, r.partial, r.missing_refused, r.missing_action, r.missing, r.missing_done, r.more "
        "FROM run r, account a ORDER BY r.id");
    while (s.next()) {
        run_record r;
        r.summary.run = s.integer(0);
        r.summary.source = s.text(1);
        r.pid = s.integer(2);
        r.summary.started = wall_time_of(s.integer(3));
        // No exit code: the run was killed, or is under way. `finished` and `code` are 0 then, and mean nothing.
        r.ended = !s.is_null(5);
        r.summary.finished = wall_time_of(s.integer(4));
        r.summary.code = static_cast<exit_code>(s.integer(5));
        r.summary.records = static_cast<std::uint64_t>(s.integer(6));
        // Columns 7 to 13 are in the order of `outcome`.
        for (int o = 0; o < outcome_kinds; ++o) {
            r.summary.rows.add(static_cast<outcome>(o), static_cast<std::uint64_t>(s.integer(7 + o)));
        }
        r.summary.requests = static_cast<std::uint64_t>(s.integer(14));
        r.summary.stopped_because = s.text(15);
        r.summary.account = s.text(16);
        r.undone = !s.is_null(17);
        r.summary.partial = s.integer(18) != 0;
        r.summary.missing.refused = s.integer(19) != 0;
        r.summary.missing.action = s.text(20);
        r.summary.missing.count = static_cast<std::uint64_t>(s.integer(21));
        r.summary.missing.done = static_cast<std::uint64_t>(s.integer(22));
        decode_more(s.text(23), r.summary);
        all.push_back(std::move(r));
    }
    return all;
}

run_details sql_journal::details_of(std::int64_t run) {
    sql_rows s = session_.query("SELECT details FROM run WHERE id = ?", run);
    return decode_details(s.next() ? s.text(0) : std::string{});
}

void sql_journal::remember(const std::string& name, const std::string& text) {
    session_.change("INSERT INTO kept (name, text) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text",
                    name, text);
}

std::optional<std::string> sql_journal::recalled(const std::string& name) {
    sql_rows s = session_.query("SELECT text FROM kept WHERE name = ?", name);
    if (!s.next()) {
        return std::nullopt;
    }
    return s.text(0);
}

}  // namespace baseload
