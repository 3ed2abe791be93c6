#include "postgres_lease.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "baseload/database/postgres_schema.hpp"
#include "run_codec.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>
#include <limits>
#include <utility>

namespace baseload {
namespace {

using std::chrono::milliseconds;

// A renewal that fails is tried again some times before the lease ends.
constexpr int renewals_a_length = 4;
// What is kept back of the lease, for clocks that go at different speeds and for the way from a look at it to the
// sending.
constexpr int margin_share = 10;
constexpr milliseconds between_attempts{500};
// Who looks at a run that is under way sees where it was so long ago, at the most.
constexpr milliseconds between_notes{2000};
// A database that is away for so long is not waited for any longer.
constexpr milliseconds patience = std::chrono::minutes(5);
constexpr milliseconds answer_within = std::chrono::seconds(10);
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

postgres_statement statement(const char* sql, std::initializer_list<sql_value> values = {}) {
    postgres_statement made{.sql = sql, .values = {}};
    for (const sql_value& value : values) {
        made.values.emplace_back(value);
    }
    return made;
}

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "an unnamed host";
}

// Of a row that begins with host, pid, since when, the shard and how many there are.
shard shard_in(const pg_result& row) {
    return {static_cast<std::uint32_t>(integer_in(row, 3)), static_cast<std::uint32_t>(integer_in(row, 4))};
}

std::string holder_in(const pg_result& row) {
    const shard part = shard_in(row);
    return fmt::format("{}process {} on {}, started {}", part.is_whole() ? "" : fmt::format("shard {}, ", part.text()),
                       integer_in(row, 1), bytes_in(row, 0), show_time(wall_time(milliseconds(integer_in(row, 2)))));
}

}  // namespace

postgres_lease::postgres_lease(postgres_place place, milliseconds length, std::string application, const shard& part)
    : place_(std::move(place)), length_(length), application_(std::move(application)), part_(part) {
    postgres_connection connection(place_, application_ + " lease", postgres_connection::purpose::to_write,
                                   answer_within);
    take(connection);
    renewals_ = std::thread([this] { renew_for_ever(); });
}

postgres_lease::~postgres_lease() {
    {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
    }
    wake_.notify_all();
    renewals_.join();
    try {
        postgres_connection connection(place_, application_ + " lease", postgres_connection::purpose::to_write,
                                       answer_within);
        // The row stays, so that whoever had the lease before and comes back late finds the higher number.
        static_cast<void>(connection.number("UPDATE lease SET application = '', until = clock_timestamp() "
                                            "WHERE shard = ? AND fence = ? RETURNING 1",
                                            {to_sql(std::int64_t{part_.number}), to_sql(fence_)}));
    } catch (const postgres_error&) {
        return;  // then it ends by itself
    }
}

void postgres_lease::take(postgres_connection& connection) {
    const std::array<postgres_statement, 1> begin{statement("BEGIN")};
    const std::array<postgres_statement, 1> commit{statement("COMMIT")};
    connection.run(begin);
    // One at a time, so that none looks while another takes it. The locks end with the transaction.
    lock_schema(connection, place_.schema);
    refuse_busy(connection);
    const std::vector<std::string> predecessors = find_predecessors(connection);
    for (const std::string& predecessor : predecessors) {
        end_predecessor(connection, predecessor);
    }
    // After that: what they left open may hold it. Meanwhile one of them may have come back.
    static_cast<void>(connection.number("SELECT 1 FROM self FOR UPDATE"));
    refuse_busy(connection);
    found_another_database_ =
        connection.number("SELECT arrive(?)", {to_sql(static_cast<std::int64_t>(length_.count()))}) == 1;
    const std::int64_t number = part_.number;
    const std::int64_t of = part_.of;
    const auto asked = boot_clock::now();
    const auto wall = wall_now();
    const std::string host = host_name();
    fence_ = connection.number(
        "INSERT INTO lease (shard, shards, fence, application, host, pid, until) "
        "VALUES (?, ?, next_fence(), ?, ?, ?, clock_timestamp() + ? * interval '1 millisecond') "
        "ON CONFLICT (shard) DO UPDATE SET shards = excluded.shards, fence = excluded.fence, commits = 0, "
        "application = excluded.application, host = excluded.host, pid = excluded.pid, since = clock_timestamp(), "
        "until = excluded.until, progress = '', is_done = FALSE, judges = FALSE RETURNING fence",
        {to_sql(number), to_sql(of), to_sql(std::string_view(application_)), to_sql(std::string_view(host)),
         to_sql(std::int64_t{::getpid()}), to_sql(static_cast<double>(length_.count()))});
    // Who held it otherwise, and comes back, finds this one's number.
    connection.run(std::array{statement("UPDATE lease SET fence = ?, shards = ?, application = '', judges = FALSE "
                                        "WHERE shard <> ? AND (shards <> ? OR judges)",
                                        {to_sql(fence_), to_sql(of), to_sql(number), to_sql(of)})});
    if (!predecessors.empty()) {
        connection.run(std::array{statement("UPDATE self SET taken_over_at = greatest(taken_over_at, "
                                            "clock_timestamp())")});
    }
    const std::int64_t since = connection.number(
        "SELECT coalesce(CAST(extract(epoch FROM clock_timestamp() - taken_over_at) * 1000 AS BIGINT), ?) FROM self",
        {to_sql(never)});
    connection.run(commit);
    since_take_over_ = since == never ? std::nullopt : std::optional(milliseconds(since));
    renewed(asked, wall);
}

// Of those that this lease takes the place of, the ones that nobody gave back.
std::vector<std::string> postgres_lease::find_predecessors(postgres_connection& connection) const {
    std::vector<std::string> applications;
    connection.start(
        std::array{statement("SELECT application FROM lease WHERE application <> '' AND until <= clock_timestamp() AND "
                             "(shard = ? OR shards <> ? OR judges)",
                             {to_sql(std::int64_t{part_.number}), to_sql(std::int64_t{part_.of})})});
    while (const postgres_result row = connection.next_row()) {
        applications.emplace_back(bytes_in(*row, 0));
    }
    return applications;
}

void postgres_lease::refuse_busy(postgres_connection& connection) const {
    connection.start(
        std::array{statement("SELECT host, pid, CAST(extract(epoch FROM since) * 1000 AS BIGINT), shard, shards, "
                             "CAST(extract(epoch FROM until - clock_timestamp()) * 1000 AS BIGINT) "
                             "FROM lease WHERE until > clock_timestamp() AND (shard = ? OR shards <> ? OR judges) "
                             "ORDER BY shard",
                             {to_sql(std::int64_t{part_.number}), to_sql(std::int64_t{part_.of})})});
    std::string holder;
    // Of several shards the first is named, and how long the last of them may stay.
    milliseconds left{1000};
    while (const postgres_result row = connection.next_row()) {
        if (holder.empty()) {
            holder = holder_in(*row);
        }
        left = std::max(left, milliseconds(integer_in(*row, 5)));
    }
    if (!holder.empty()) {
        throw command_error(
            exit_code::journal_busy,
            fmt::format("another run holds the journal {}: {}; wait until it has ended, or, if that host is gone, {}",
                        place_.text, holder, show_duration(left)));
    }
}

// A host that sleeps, or whose network is cut, may have left a transaction open, whose locks the next one would wait
// for. Nothing of it could take effect any more.
void postgres_lease::end_predecessor(postgres_connection& connection, const std::string& application) const {
    try {
        static_cast<void>(
            connection.number("SELECT count(pg_terminate_backend(pid, 2000)) FROM pg_stat_activity "
                              "WHERE application_name = ? AND pid <> pg_backend_pid() AND usename = session_user",
                              {to_sql(std::string_view(application))}));
    } catch (const postgres_error& error) {
        if (error.is_connection_lost()) {
            throw;
        }
        // Without the right to do so the server ends it by itself, within a minute (postgres_connection.cpp).
    }
}

void postgres_lease::renewed(clock_point asked, wall_time wall) {
    const std::lock_guard lock(mutex_);
    good_until_ = asked + length_;
    boot_when_renewed_ = asked;
    wall_when_renewed_ = wall;
    problem_.clear();
}

// True: renewed, or never to be renewed again.
bool postgres_lease::renew(std::unique_ptr<postgres_connection>& connection) {
    std::string progress;
    {
        const std::lock_guard lock(mutex_);
        progress = progress_;
    }
    try {
        if (!connection) {
            connection = std::make_unique<postgres_connection>(place_, application_ + " lease",
                                                               postgres_connection::purpose::to_write, answer_within);
        }
        const auto asked = boot_clock::now();
        const auto wall = wall_now();
        // Also one that has ended meanwhile: while nobody else has taken it, nobody else has written.
        const std::int64_t fence = connection->number(
            "UPDATE lease SET until = clock_timestamp() + ? * interval '1 millisecond', progress = ? "
            "WHERE shard = ? AND fence = ? RETURNING fence",
            {to_sql(static_cast<double>(length_.count())), to_sql(std::string_view(progress)),
             to_sql(std::int64_t{part_.number}), to_sql(fence_)});
        if (fence == fence_) {
            renewed(asked, wall);
        } else {
            const std::lock_guard lock(mutex_);
            is_taken_ = true;
        }
        return true;
    } catch (const std::exception& error) {
        connection.reset();
        const std::lock_guard lock(mutex_);
        problem_ = error.what();
        return false;
    }
}

void postgres_lease::renew_for_ever() {
    std::unique_ptr<postgres_connection> connection;
    bool has_failed = false;
    std::unique_lock lock(mutex_);
    while (!is_over_ && !is_taken_) {
        const milliseconds pause = has_failed ? between_attempts : std::min(length_ / renewals_a_length, between_notes);
        wake_.wait_for(lock, pause, [&] { return is_over_ || is_urgent_; });
        const bool is_due = boot_clock::now() >= good_until_ - length_ + length_ / renewals_a_length;
        if (is_over_ || !(is_due || is_urgent_ || has_failed || has_news_)) {
            continue;
        }
        is_urgent_ = false;
        has_news_ = false;
        lock.unlock();
        has_failed = !renew(connection);
        lock.lock();
    }
}

void postgres_lease::note(std::string progress) {
    const std::lock_guard lock(mutex_);
    has_news_ = true;
    // The first one at once: until then nobody sees what the run is at.
    if (progress_.empty()) {
        is_urgent_ = true;
        wake_.notify_all();
    }
    progress_ = std::move(progress);
}

journal_hold postgres_lease::hold() {
    const std::lock_guard lock(mutex_);
    if (is_taken_) {
        return {journal_hold::lost,
                fmt::format("the journal {} was taken over by another run, since this one was not heard of for {}: "
                            "nothing more is sent",
                            place_.text, show_duration(length_))};
    }
    const auto now = boot_clock::now();
    const milliseconds margin = length_ / margin_share;
    // A machine that was stopped from outside may find that its boot clock stood still and its wall clock did not.
    const milliseconds drift = (wall_now() - wall_when_renewed_) - (now - boot_when_renewed_);
    if (now + margin < good_until_ && drift < margin) {
        return {journal_hold::sure, {}};
    }
    if (now > good_until_ + patience) {
        return {journal_hold::lost,
                fmt::format("the database of the journal {} has not answered for {} ({}); a rerun goes on from here",
                            place_.text, show_duration(patience), problem_)};
    }
    is_urgent_ = true;
    wake_.notify_all();
    return {journal_hold::unsure, problem_};
}

std::vector<journal_holder> holders_of_leases(postgres_connection& connection) {
    // By their names in JSON: format 1 has no shards.
    connection.start(std::array{statement("SELECT host, pid, CAST(extract(epoch FROM since) * 1000 AS BIGINT), "
                                          "coalesce(CAST(to_jsonb(lease) ->> 'shard' AS BIGINT), 1) AS part, "
                                          "coalesce(CAST(to_jsonb(lease) ->> 'shards' AS BIGINT), 1), progress "
                                          "FROM lease WHERE until > clock_timestamp() ORDER BY part")});
    std::vector<journal_holder> holders;
    while (const postgres_result row = connection.next_row()) {
        holders.push_back({.who = holder_in(*row),
                           .part = shard_in(*row),
                           .so_far = decode_progress(std::string(bytes_in(*row, 5)))});
    }
    return holders;
}

}  // namespace baseload
