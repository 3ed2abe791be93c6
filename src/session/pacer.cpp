#include "baseload/session/pacer.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/wall_clock.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace baseload {
namespace {

using std::chrono::milliseconds;

// An answer may free a slot sooner than its latest moment, here or in another process.
constexpr milliseconds max_nap{500};

}  // namespace

pacer::pacer(account_state& account, std::uint32_t per_minute, milliseconds timeout, const session_clock& clock,
             stop_signal& stop)
    : account_(account), per_minute_(per_minute), timeout_(timeout), clock_(clock), stop_(stop) {
    const auto now = clock_.now();
    const auto until = account_.blocked_until(now);
    if (until > now) {
        begin_pause(until, now, "an earlier run was told of it");
    }
}

template <class Work>
// A stop and no exception, since answers of other requests are still to come and must be recorded.
void pacer::guarded(Work&& work) {
    try {
        work();
    } catch (const command_error& failure) {
        stop_.request(failure.code(), failure.what());
    }
}

account_state::permit pacer::ask(boot_clock::time_point now) {
    if (blocked_until_ > now) {
        return {.slot = {}, .wait = blocked_until_ - now, .blocked = true, .limit = 0};
    }
    if (held_until_ > now) {
        return {.slot = {}, .wait = held_until_ - now, .blocked = false, .limit = 0};
    }
    // Without a limit: a slot that no file knows, so that nothing has to be given back.
    account_state::permit asked{.slot = 0, .wait = {}, .blocked = false, .limit = 0};
    if (per_minute_ > 0) {
        // Without a slot where take() throws: the loop of take() then sees the stop and ends.
        asked.slot.reset();
        guarded([&] {
            asked = account_.take(now);
            note_limit(asked.limit);
        });
    }
    return asked;
}

void pacer::note_limit(std::uint32_t limit) {
    const bool was_reduced = reduced_limit_.has_value();
    reduced_limit_ = limit < per_minute_ ? std::optional(limit) : std::nullopt;
    if (reduced_limit_) {
        lowest_limit_ = std::min(lowest_limit_.value_or(limit), limit);
    }
    // Once for each time the share falls below the whole, and not with every request.
    if (!was_reduced && reduced_limit_) {
        spdlog::warn("other programs use the account too: {} requests a minute are sent in place of {}; each minute "
                     "without a block gives a tenth back",
                     limit, per_minute_);
    }
}

bool pacer::is_held() {
    const journal_hold hold = hold_();
    if (hold.is == journal_hold::lost) {
        stop_.request(exit_code::stopped, hold.why);
    }
    const bool is_unsure = hold.is == journal_hold::unsure;
    if (is_unsure && !was_unsure_) {
        spdlog::warn("the journal's lease ran out before it was renewed{}: nothing is sent until it is",
                     hold.why.empty() ? "" : fmt::format(" ({})", hold.why));
    }
    was_unsure_ = is_unsure;
    return hold.is == journal_hold::sure;
}

boost::asio::awaitable<std::optional<pacer::permit>> pacer::take() {
    while (!stop_.requested()) {
        if (!is_held()) {
            static_cast<void>(co_await stop_.sleep(max_nap));
            continue;
        }
        const auto now = clock_.now();
        const account_state::permit asked = ask(now);
        next_permit_ = now + asked.wait;
        if (asked.slot) {
            end_pause(now);
            // With a slot in hand and before it is given: the mark in the journal must be durable before any request
            // leaves.
            guarded([&] { before_sending_(); });
            if (stop_.requested()) {
                unused({*asked.slot, now});
                break;
            }
            // The permit is void after the timeout: the slot's time is counted as if the request had left by then.
            co_return permit{*asked.slot, now + timeout_};
        }
        // The state file is shared, so another process may have written the block.
        if (asked.blocked && blocked_until_ < now + asked.wait) {
            begin_pause(now + asked.wait, now, "another program was told of it");
        }
        // Rounded up by one, or the last wait would come a fraction too early.
        const milliseconds nap = std::min(asked.wait + milliseconds(1), max_nap);
        static_cast<void>(co_await stop_.sleep(nap));
    }
    co_return std::nullopt;
}

bool pacer::still_good(const permit& t) {
    const auto now = clock_.now();
    if (per_minute_ > 0) {
        guarded([&] {
            const auto until = account_.blocked_until(now);
            if (until > now) {
                begin_pause(until, now, "another program was told of it");
            }
        });
    }
    // Read from the file just now: a block that another program was told of counts as ours. The journal last, so that
    // as little time as can be lies between the look and the sending.
    return clock_.now() <= t.send_by && blocked_until_ <= now && !stop_.requested() && is_held();
}

void pacer::answered(const permit& t) {
    if (per_minute_ > 0) {
        guarded([&] { account_.answered(t.slot, clock_.now()); });
    }
}

void pacer::given_up(const permit& t) {
    if (per_minute_ > 0) {
        guarded([&] { account_.given_up(t.slot, clock_.now()); });
    }
}

void pacer::unused(const permit& t) {
    if (per_minute_ > 0) {
        guarded([&] { account_.unused(t.slot); });
    }
}

void pacer::hold_back(milliseconds wait) {
    held_until_ = std::max(held_until_, clock_.now() + wait);
}

milliseconds pacer::wait() const {
    return std::max(next_permit_ - clock_.now(), milliseconds(0));
}

milliseconds pacer::paused() const {
    milliseconds all{0};
    for (const pause& p : pauses()) {
        all += p.to - p.from;
    }
    return all;
}

std::vector<pacer::pause> pacer::pauses() const {
    std::vector<pause> all = pauses_;
    if (pause_began_) {
        all.push_back({*pause_began_, clock_.now()});
    }
    return all;
}

void pacer::blocked(milliseconds wait, const std::string& message) {
    const auto now = clock_.now();
    guarded([&] { account_.block(wait, now); });
    // A later answer of the same block never shortens the pause.
    if (now + wait > blocked_until_) {
        begin_pause(now + wait, now, message);
    }
}

void pacer::begin_pause(boot_clock::time_point until, boot_clock::time_point now, const std::string& reason) {
    // Requests that were under way when the block began tell of it once more each.
    const bool is_new = until > blocked_until_ + std::chrono::seconds(2);
    blocked_until_ = until;
    if (!pause_began_) {
        pause_began_ = now;
    }
    if (is_new) {
        const auto wall = wall_now() + (until - now);
        spdlog::warn("the account is blocked by the service ({}): nothing is sent for {}, until {}. If that recurs, "
                     "lower [account] requests_per_minute: other programs use the account too",
                     reason, show_duration(until - now), show_local_time(wall));
    }
}

void pacer::end_pause(boot_clock::time_point now) {
    if (pause_began_) {
        pauses_.push_back({*pause_began_, now});
        pause_began_.reset();
    }
}

}  // namespace baseload
