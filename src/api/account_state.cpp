#include "baseload/api/account_state.hpp"

#include "account_store.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/database/postgres_connection.hpp"

#include <SQLiteCpp/Exception.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

namespace baseload {
namespace {

namespace fs = std::filesystem;
using clock_point = boot_clock::time_point;

// Halved at once and given back slowly, as TCP does with its window (RFC 5681), so that programs which know nothing of
// each other find a share each.
constexpr double share_after_block = 0.5;
constexpr double least_share = 0.1;

}  // namespace

account_state::account_state(const fs::path& file, std::uint32_t per_minute, request_limit::request_times times,
                             bool is_shared)
    : per_minute_(per_minute), times_(times) {
    try {
        store_ = open_account_file(file, longest_slot(), is_shared);
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
        try {
            witness_ = open_account_file(witness, longest_slot(), false);
        } catch (const std::exception&) {
            witness_.reset();
        }
    }
    try {
        store_ = open_account_database(where, longest_slot());
    } catch (const postgres_error& error) {
        throw command_error(error.is_connection_lost() ? exit_code::stopped : exit_code::usage,
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
        const auto held = store_->held_until() - now;
        if (held > boot_clock::duration::zero() && !std::exchange(has_told_hold_, true)) {
            spdlog::info("the account's state is in another database than before, and may lack the last requests: "
                         "nothing is sent for {} s, until the service has forgotten them",
                         std::chrono::ceil<std::chrono::seconds>(held).count());
        }
        const auto wait = std::max(limit.delay(now), held);
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
    for (account_store* each : {store_.get(), witness_.get()}) {
        if (each != nullptr) {
            each->transact([&] {
                change(*each);
                return true;
            });
        }
    }
}

void account_state::remember(const used_journal& journal) {
    change_both([&](account_store& s) { s.remember(journal); });
}

void account_state::replace(const std::string& id, const std::string& by) {
    change_both([&](account_store& s) { s.replace(id, by); });
}

void account_state::reinstate(const std::string& id) {
    change_both([&](account_store& s) { s.reinstate(id); });
}

clock_point account_state::blocked_until(clock_point now) {
    return store_->transact([&] { return store_->blocked_until(now); });
}

}  // namespace baseload
