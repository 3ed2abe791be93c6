// The journal's runs, and what the account said.
#include "sqlite_journal.hpp"

#include "run_codec.hpp"
#include "sqlite_values.hpp"

#include <unistd.h>

#include <utility>

namespace baseload {

// AUTOINCREMENT (schema.cpp) never gives a number again, so what `client` and `backup` say of a run stays true.
std::int64_t sqlite_journal::begin_run(const std::string& source, wall_time now) {
    session_.change("INSERT INTO run (source, pid, started_at) VALUES (?, ?, ?)", source, std::int64_t{::getpid()},
                    milliseconds_of(now));
    run_ = session_.database().getLastInsertRowid();
    commit();
    return run_;
}

void sqlite_journal::end_run(const run_summary& s) {
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

void sqlite_journal::undone(std::int64_t run, wall_time now) {
    session_.change("UPDATE run SET undone_at = ? WHERE id = ?", milliseconds_of(now), run);
}

void sqlite_journal::tell_progress(const progress& p) {
    if (lock_ != nullptr) {
        lock_->note(encode_progress(p));
    }
}

std::optional<std::uint64_t> sqlite_journal::last_full_records() {
    return session_.guarded([&]() -> std::optional<std::uint64_t> {
        SQLite::Statement& s =
            // 0 and 1 are the ends of a run that reached its last row (core/exit_code.hpp); a rejected row is part of a
            // full run.
            session_.query(
                "SELECT records - skipped FROM run WHERE exit_code IN (0, 1) AND NOT partial AND NOT missing_refused "
                "ORDER BY id DESC LIMIT 1");
        if (!s.executeStep()) {
            return std::nullopt;
        }
        const auto records = static_cast<std::uint64_t>(s.getColumn(0).getInt64());
        s.reset();
        return records;
    });
}

std::int64_t sqlite_journal::last_full_run() {
    return session_.guarded([&] {
        SQLite::Statement& s = session_.query(
            "SELECT coalesce(max(id), 0) FROM run WHERE exit_code IN (0, 1) AND NOT partial AND NOT missing_refused");
        static_cast<void>(s.executeStep());
        const std::int64_t id = s.getColumn(0).getInt64();
        s.reset();
        return id;
    });
}

std::vector<run_record> sqlite_journal::runs() {
    return session_.guarded([&] {
        std::vector<run_record> all;
        SQLite::Statement& s = session_.query(
            "SELECT r.id, r.source, r.pid, r.started_at, r.finished_at, r.exit_code, r.records, r.created, r.updated, "
            "r.unchanged, r.rejected, r.in_doubt, r.not_reached, r.skipped, r.requests, r.stopped_because, a.name, "
            "r.undone_at, r.partial, r.missing_refused, r.missing_action, r.missing, r.missing_done, r.more "
            "FROM run r, account a ORDER BY r.id");
        while (s.executeStep()) {
            run_record r;
            r.summary.run = s.getColumn(0).getInt64();
            r.summary.source = s.getColumn(1).getString();
            r.pid = s.getColumn(2).getInt64();
            r.summary.started = wall_time_of(s.getColumn(3).getInt64());
            // No exit code: the run was killed, or is under way. `finished` and `code` are 0 then, and mean nothing.
            r.ended = !s.getColumn(5).isNull();
            r.summary.finished = wall_time_of(s.getColumn(4).getInt64());
            r.summary.code = static_cast<exit_code>(s.getColumn(5).getInt());
            r.summary.records = static_cast<std::uint64_t>(s.getColumn(6).getInt64());
            // Columns 7 to 13 are in the order of `outcome`.
            for (int o = 0; o < outcome_kinds; ++o) {
                r.summary.rows.add(static_cast<outcome>(o), static_cast<std::uint64_t>(s.getColumn(7 + o).getInt64()));
            }
            r.summary.requests = static_cast<std::uint64_t>(s.getColumn(14).getInt64());
            r.summary.stopped_because = s.getColumn(15).getString();
            r.summary.account = s.getColumn(16).getString();
            r.undone = !s.getColumn(17).isNull();
            r.summary.partial = s.getColumn(18).getInt() != 0;
            r.summary.missing.refused = s.getColumn(19).getInt() != 0;
            r.summary.missing.action = s.getColumn(20).getString();
            r.summary.missing.count = static_cast<std::uint64_t>(s.getColumn(21).getInt64());
            r.summary.missing.done = static_cast<std::uint64_t>(s.getColumn(22).getInt64());
            decode_more(s.getColumn(23).getString(), r.summary);
            all.push_back(std::move(r));
        }
        s.reset();
        return all;
    });
}

run_details sqlite_journal::details_of(std::int64_t run) {
    return session_.guarded([&] {
        SQLite::Statement& s = session_.query("SELECT details FROM run WHERE id = ?", run);
        const std::string text = s.executeStep() ? s.getColumn(0).getString() : std::string{};
        s.reset();
        return decode_details(text);
    });
}

void sqlite_journal::remember(const std::string& name, const std::string& text) {
    session_.change("INSERT OR REPLACE INTO kept (name, text) VALUES (?, ?)", name, text);
}

std::optional<std::string> sqlite_journal::recalled(const std::string& name) {
    return session_.guarded([&]() -> std::optional<std::string> {
        SQLite::Statement& s = session_.query("SELECT text FROM kept WHERE name = ?", name);
        if (!s.executeStep()) {
            return std::nullopt;
        }
        std::string text = s.getColumn(0).getString();
        s.reset();
        return text;
    });
}

}  // namespace baseload
