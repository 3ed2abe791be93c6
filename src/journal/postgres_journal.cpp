#include "postgres_journal.hpp"

#include "baseload/core/command_error.hpp"
#include "journal_failure.hpp"
#include "postgres_tables.hpp"
#include "run_codec.hpp"
#include "sql_values.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

namespace baseload {
namespace {

using std::chrono::milliseconds;
using purpose = postgres_connection::purpose;

// How long the database may take for an answer, and how long a run goes on without it.
constexpr milliseconds patience = std::chrono::seconds(20);

// Runs `work` over a connection that ends with it.
template <class Work>
auto with_connection(const journal_locator& where, purpose why, Work&& work) {
    const postgres_place place = place_of(where);
    try {
        postgres_connection connection(place, "baseload", why, patience);
        return work(connection, place);
    } catch (const postgres_error& error) {
        throw_server_failure({.what = error.kind(), .place = place.text, .reason = error.what()}, exit_code::usage);
    }
}

}  // namespace

postgres_journal_database::postgres_journal_database(const journal_locator& where, purpose why)
    : place(where), session(place_of(where), why, patience, [this](const auto& failure) { refuse(failure); }) {}

void postgres_journal_database::refuse(const database_failure& failure) const {
    if (failure.what == database_failure::kind::set_back) {
        // For the next run, which would not know it: as a file whose log is gone.
        try {
            with_connection(place, purpose::to_write, [](auto& connection, const auto&) {
                return connection.number("UPDATE self SET lost_log = 1 RETURNING 1");
            });
        } catch (const command_error&) {
            // What the run says is all that is known then.
            throw_server_failure(failure, exit_code::stopped);
        }
    }
    throw_server_failure(failure, is_open ? exit_code::stopped : exit_code::usage);
}

postgres_journal::postgres_journal(const journal_locator& where, const journal_owner* owner, milliseconds lease_length,
                                   const shard& part)
    : postgres_journal_database(where, owner == nullptr ? purpose::to_read : purpose::to_write),
      sql_journal(session, "name", part) {
    if (owner == nullptr) {
        session.keep_snapshot();
    } else {
        try {
            lease_.emplace(place_of(where), lease_length, session.application(), part);
        } catch (const postgres_error& error) {
            throw_server_failure({.what = error.kind(), .place = where.text(), .reason = error.what()},
                                 exit_code::usage);
        }
        session.hold_by(lease_->fence(), part.number);
        bind_to(*owner);
        session.commit();
    }
    read();
    is_open = true;
}

postgres_journal::~postgres_journal() {
    end_open_session();
}

journal_hold postgres_journal::hold() {
    return lease_ ? lease_->hold() : journal_hold{};
}

void postgres_journal::tell_progress(const progress& p) {
    if (lease_) {
        lease_->note(encode_progress(p));
    }
}

// All of it in the database's own functions: a transaction whose connection was lost is repeated, and must decide anew.
std::int64_t postgres_journal::join_run(const std::string& source, content_hash division, wall_time now) {
    session.change("SELECT join_run(?, ?, ?, ?, ?, ?, ?)", std::int64_t{part().number}, std::int64_t{part().of},
                   lease_->fence(), division.bits, source, std::int64_t{::getpid()}, milliseconds_of(now));
    commit();
    std::int64_t joined = 0;
    {
        sql_rows s = session.query("SELECT max(run) FROM run_shard WHERE shard = ? AND fence = ?",
                                   std::int64_t{part().number}, lease_->fence());
        joined = s.next() && !s.is_null(0) ? s.integer(0) : 0;
    }
    if (joined == 0) {
        throw command_error(exit_code::journal_busy,
                            fmt::format("other shards of the journal {} are at work on another source, or on this one "
                                        "under other rules, or are just ending their run: wait until they have ended, "
                                        "and give each shard the same file, job and version",
                                        place.text()));
    }
    take_part_in(joined);
    return joined;
}

std::optional<std::vector<run_summary>> postgres_journal::end_shard(const run_summary& own) {
    session.change("SELECT end_shard(?, ?, ?, ?, ?)", std::int64_t{part().number}, std::int64_t{part().of},
                   lease_->fence(), own.run, encode_summary(own));
    commit();
    {
        sql_rows s = session.query("SELECT judges FROM lease WHERE shard = ? AND fence = ?",
                                   std::int64_t{part().number}, lease_->fence());
        if (!s.next() || s.integer(0) == 0) {
            return std::nullopt;
        }
    }
    std::vector<run_summary> others;
    {
        sql_rows s = session.query("SELECT summary FROM run_shard WHERE run = ? AND shard <> ? ORDER BY shard", own.run,
                                   std::int64_t{part().number});
        while (s.next()) {
            others.push_back(decode_summary(s.text(0)));
        }
    }
    lease_->holds_the_whole();
    take_whole();
    return others;
}

std::unique_ptr<journal> open_postgres_journal(const journal_locator& where, const journal_owner& owner,
                                               milliseconds lease_length, const shard& part) {
    with_connection(where, purpose::to_write,
                    [](auto& connection, const auto& place) { prepare_postgres_journal(connection, place); });
    return std::make_unique<postgres_journal>(where, &owner, lease_length, part);
}

std::unique_ptr<sql_journal> open_postgres_journal_to_read(const journal_locator& where) {
    with_connection(where, purpose::to_read,
                    [](auto& connection, const auto& place) { check_postgres_journal(connection, place); });
    return std::make_unique<postgres_journal>(where, nullptr, milliseconds(0), shard{});
}

bool postgres_journal_exists(const journal_locator& where) {
    return with_connection(where, purpose::to_read, has_postgres_journal);
}

std::optional<progress> progress_of_postgres(const journal_locator& where) {
    return with_connection(where, purpose::to_read, [](auto& connection, const auto& place) -> std::optional<progress> {
        if (!has_postgres_journal(connection, place)) {
            return std::nullopt;
        }
        std::optional<progress> all;
        for (const std::string& note : notes_of_leases(connection)) {
            const progress one = decode_progress(note);
            all = all ? together(*all, one) : one;
        }
        return all;
    });
}

}  // namespace baseload
