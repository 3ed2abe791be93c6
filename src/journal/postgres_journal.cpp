#include "postgres_journal.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "baseload/database/server_wait.hpp"
#include "journal_failure.hpp"
#include "postgres_tables.hpp"
#include "run_codec.hpp"
#include "sql_values.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <utility>

namespace baseload {
namespace {

using std::chrono::milliseconds;
using purpose = postgres_connection::purpose;

// How long the database may take for an answer, and how long a run goes on without it.
constexpr milliseconds patience = std::chrono::seconds(20);

// What is not there now may be there when the job is started again.
exit_code code_before_work(database_failure::kind what) {
    return is_away(what) ? exit_code::stopped : exit_code::usage;
}

// Runs `work` over a connection that ends with it. Whoever wants to write waits for a server that does not answer.
template <class Work>
auto with_connection(const journal_locator& where, purpose why, Work&& work) {
    const postgres_place place = place_of(where);
    const auto connect_and_work = [&] {
        postgres_connection connection(place, "baseload", why, patience);
        return work(connection, place);
    };
    try {
        return why == purpose::to_write ? with_patience(place, connect_and_work) : connect_and_work();
    } catch (const postgres_error& error) {
        throw_server_failure({.what = error.kind(), .place = place.text, .reason = error.what()},
                             why == purpose::to_write ? code_before_work(error.kind()) : exit_code::usage);
    }
}

}  // namespace

postgres_journal_database::postgres_journal_database(const journal_locator& where, purpose why)
    : place(where), session(place_of(where), why, patience, [this](const auto& failure) { refuse(failure); }) {}

void postgres_journal_database::refuse(const database_failure& failure) const {
    if (failure.what == database_failure::kind::set_back) {
        // For the next run, which would not know it.
        try {
            with_connection(place, purpose::to_write, [](auto& connection, const auto&) {
                return connection.number("UPDATE self SET lost_log = 2 RETURNING 1");
            });
        } catch (const command_error&) {
            // What the run says is all that is known then.
            throw_server_failure(failure, exit_code::stopped);
        }
    }
    throw_server_failure(failure, is_open ? exit_code::stopped : code_before_work(failure.what));
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
                                 code_before_work(error.kind()));
        }
        session.hold_by(lease_->fence(), part.number);
        was_opened_as_whole_ = part.is_whole();
        bind_to(*owner);
        session.commit();
    }
    read();
    if (owner == nullptr && is_in_another_place()) {
        lacks_clients();
    }
    is_open = true;
}

postgres_journal::~postgres_journal() {
    end_open_session();
}

// As the next run will find (arrive() in postgres_tables.cpp). Older formats cannot tell.
bool postgres_journal::is_in_another_place() {
    {
        sql_rows self = session.query("SELECT format FROM self");
        if (!self.next() || self.integer(0) < postgres_journal_format) {
            return false;
        }
    }
    sql_rows self = session.query("SELECT CASE WHEN place IN ('', journal_place()) THEN 0 ELSE 1 END FROM self");
    return self.next() && self.integer(0) == 1;
}

journal_hold postgres_journal::hold() {
    return lease_ ? lease_->hold() : journal_hold{};
}

void postgres_journal::rollback() {
    sql_journal::rollback();
    // What was read just now is that run's.
    if (lease_ && session.has_lost_fence()) {
        refuse(
            {.what = database_failure::kind::taken, .place = place.text(), .reason = "another run has taken it over"});
    }
}

void postgres_journal::tell_progress(const progress& p) {
    if (lease_) {
        lease_->note(encode_progress(p));
    }
}

// All of it in the database's own functions: a transaction whose connection was lost is repeated, and must decide anew.
std::int64_t postgres_journal::join_run(const std::string& source, content_hash division, wall_time now) {
    const std::int64_t newest = newest_run_of_shards();
    const std::int64_t mine = newest_run_of_shards(part().number);
    std::string told;
    {
        sql_rows s = session.query("SELECT summary FROM run_shard WHERE run = ? AND shard = ?", mine,
                                   std::int64_t{part().number});
        told = s.next() ? s.text(0) : "";
    }
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
    if (joined > newest && newest > 0) {
        give_up(newest, now);
    }
    has_joined_again_ = joined == mine;
    if (has_joined_again_ && !told.empty()) {
        const run_summary before = decode_summary(told);
        before_ = {.requests = before.requests,
                   .fields_sent = before.fields_sent,
                   .found = before.found,
                   .not_found = before.not_found};
    }
    take_part_in(joined);
    return joined;
}

std::int64_t postgres_journal::newest_run_of_shards(std::int64_t number) {
    sql_rows s = session.query("SELECT coalesce(max(run), 0) FROM run_shard WHERE shard = ? OR ? = 0", number, number);
    return s.next() ? s.integer(0) : 0;
}

std::int64_t postgres_journal::begin_run(const std::string& source, wall_time now) {
    if (const std::int64_t newest = was_opened_as_whole_ ? newest_run_of_shards() : 0; newest > 0) {
        give_up(newest, now);
    }
    return sql_journal::begin_run(source, now);
}

void postgres_journal::give_up(std::int64_t run, wall_time now) {
    {
        sql_rows s = session.query("SELECT count(*) FROM run WHERE id = ? AND exit_code IS NULL", run);
        if (!s.next() || s.integer(0) == 0) {
            return;
        }
    }
    std::optional<run_summary> all;
    std::vector<std::string> missing;
    {
        sql_rows s = session.query("SELECT shard, shards, summary FROM run_shard WHERE run = ? ORDER BY shard", run);
        std::int64_t next = 1;
        std::int64_t of = 0;
        const auto miss_to = [&](std::int64_t end) {
            for (; next < end; ++next) {
                missing.push_back(fmt::format("{}/{}", next, of));
            }
        };
        while (s.next()) {
            of = s.integer(1);
            const std::string summary = s.text(2);
            miss_to(s.integer(0));
            if (summary.empty()) {
                continue;  // counted with the next
            }
            ++next;
            if (all) {
                add_shard(*all, decode_summary(summary));
            } else {
                all = decode_summary(summary);
            }
        }
        miss_to(of + 1);
    }
    run_summary told = all.value_or(run_summary{});
    told.partial = true;  // no measure for later runs
    told.finished = now;
    told.code = exit_code::stopped;
    told.stopped_because =
        fmt::format("without {} {}: what is done at the end of a run ([missing], [source] after) was "
                    "not done",
                    missing.size() == 1 ? "shard" : "the shards", listed(missing));
    spdlog::error("run {} of {} ended {}", run, place.text(), told.stopped_because);
    take_part_in(run);
    end_run(told);
}

// All that was committed is there: the end of this transaction proves it (keep_fence), and each other shard has proved
// it before it gave in its result. So a standby that has taken the primary's place meanwhile lacks nothing.
void postgres_journal::end_session() {
    if (lease_->part().is_whole()) {
        session.change("UPDATE self SET place = journal_place()");
    }
    sql_journal::end_session();
}

// Of whoever has all of it, and is none of the shards' own last one.
void postgres_journal::note_change() {
    if (was_opened_as_whole_ && !std::exchange(has_noted_change_, true)) {
        session.change("UPDATE self SET changed_as_a_whole = ?", lease_->fence());
    }
}

std::optional<run_shards::run_changes> postgres_journal::changes_so_far() {
    if (!has_joined_again_) {
        return std::nullopt;
    }
    run_changes changes = before_;
    sql_rows s =
        session.query("SELECT key, created_run FROM client WHERE created_run = ? OR changed_run = ?", run(), run());
    while (s.next()) {
        if (part().has_key(s.text(0))) {
            ++(s.integer(1) == run() ? changes.created : changes.updated);
        }
    }
    return changes;
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

std::vector<journal_holder> holders_of_postgres(const journal_locator& where) {
    return with_connection(where, purpose::to_read, [](auto& connection, const auto& place) {
        return has_postgres_journal(connection, place) ? holders_of_leases(connection) : std::vector<journal_holder>{};
    });
}

}  // namespace baseload
