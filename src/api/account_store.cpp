#include "account_store.hpp"

#include "baseload/core/wall_clock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace baseload {
namespace {

constexpr double share_a_minute = 0.1;  // given back

// The same moment by the wall clock, for a program that starts after a reboot.
std::int64_t wall_of(boot_clock::time_point t, boot_clock::time_point now) {
    return wall_now().time_since_epoch().count() + (t - now).count();
}

}  // namespace

void throw_unusable(const database_failure& failure, const std::string& remedy) {
    throw command_error(
        exit_code::stopped,
        fmt::format("the account's state {} cannot be used ({}); without it the request limit cannot be kept, so "
                    "nothing more is sent: {}, and run again",
                    failure.place, failure.reason, remedy.empty() ? "free some space or fix it" : remedy));
}

account_store::account_store(std::string boot, boot_clock::duration max_slot)
    : boot_(std::move(boot)), max_slot_(max_slot) {}

void account_store::open(std::unique_ptr<sql_session> session) {
    session_ = std::move(session);
    sql_rows s = session_->query("SELECT id FROM identity");
    static_cast<void>(s.next());
    id_ = s.text(0);
}

std::int64_t account_store::stored(clock_point t) const {
    return (t + ahead_).time_since_epoch().count();
}

boot_clock::time_point account_store::read(std::int64_t milliseconds) const {
    return clock_point(boot_clock::duration(milliseconds)) - ahead_;
}

void account_store::load_slots(request_limit& limit, clock_point now) {
    // With each permit, so that the table never holds more than some minutes' slots.
    session_->change("DELETE FROM slot WHERE free_at <= ?", stored(now));
    sql_rows all = session_->query("SELECT id, free_at FROM slot");
    while (all.next()) {
        // No slot can be taken for longer than a whole request lasts: a later time is a wrong clock's, and must not
        // hold the account for days.
        limit.hold(all.integer(0), std::min(read(all.integer(1)), now + max_slot_));
    }
}

slot_id account_store::insert_slot(clock_point free_at, clock_point now) {
    return session_->change_returning("INSERT INTO slot (boot, free_at, free_at_wall) VALUES (?, ?, ?) RETURNING id",
                                      boot_, stored(free_at), wall_of(free_at, now));
}

void account_store::move_slot(slot_id slot, clock_point free_at, clock_point now) {
    session_->change("UPDATE slot SET free_at = ?, free_at_wall = ? WHERE id = ?", stored(free_at),
                     wall_of(free_at, now), slot);
}

void account_store::delete_slot(slot_id slot) {
    session_->change("DELETE FROM slot WHERE id = ?", slot);
}

boot_clock::time_point account_store::blocked_until(clock_point now) {
    sql_rows block = session_->query("SELECT until FROM block");
    return block.next() ? std::clamp(read(block.integer(0)), now, now + max_block + std::chrono::minutes(1)) : now;
}

double account_store::share(clock_point now) {
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

void account_store::set_share(double share, clock_point since, clock_point now) {
    session_->change("INSERT INTO share (one, boot, share, since, since_wall) VALUES (1, ?, ?, ?, ?) "
                     "ON CONFLICT (one) DO UPDATE SET boot = excluded.boot, share = excluded.share, "
                     "since = excluded.since, since_wall = excluded.since_wall",
                     boot_, share, stored(since), wall_of(since, now));
}

// The wall clock orders them, since journals of earlier boots are among them; `id` breaks ties.
std::vector<used_journal> account_store::journals() {
    std::vector<used_journal> all;
    sql_rows s = session_->query("SELECT id, sessions, path, coalesce(by_path, '') FROM journal "
                                 "LEFT JOIN replaced USING (id) ORDER BY used_at DESC, id");
    while (s.next()) {
        all.push_back({s.text(0), static_cast<std::uint64_t>(s.integer(1)), s.text(2), s.text(3)});
    }
    return all;
}

void account_store::remember(const used_journal& journal) {
    session_->change("INSERT INTO journal (id, sessions, path, used_at) VALUES (?, ?, ?, ?) "
                     // Shards tell of one journal, in any order.
                     "ON CONFLICT (id) DO UPDATE SET path = excluded.path, used_at = excluded.used_at, sessions = "
                     "CASE WHEN journal.sessions > excluded.sessions THEN journal.sessions ELSE excluded.sessions END",
                     journal.id, journal.sessions, journal.path, std::int64_t{wall_now().time_since_epoch().count()});
}

void account_store::reinstate(const std::string& id) {
    session_->change("DELETE FROM replaced WHERE id = ?", id);
}

void account_store::replace(const std::string& id, const std::string& by) {
    session_->change("INSERT INTO replaced (id, by_path) VALUES (?, ?) "
                     "ON CONFLICT (id) DO UPDATE SET by_path = excluded.by_path",
                     id, by);
}

void account_store::set_block(clock_point until, clock_point now) {
    session_->change("INSERT INTO block (one, boot, until, until_wall) VALUES (1, ?, ?, ?) "
                     "ON CONFLICT (one) DO UPDATE SET boot = excluded.boot, until = excluded.until, "
                     "until_wall = excluded.until_wall",
                     boot_, stored(until), wall_of(until, now));
}

}  // namespace baseload
