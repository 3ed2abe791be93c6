#include "pacer.hpp"

#include "baseload/core/duration.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace baseload {
namespace {

using std::chrono::milliseconds;

// An answer may free a slot sooner than its latest moment, here or in another process.
constexpr milliseconds longest_nap{500};

} // namespace

pacer::pacer(account_state& account, bool limited, milliseconds timeout, stop_request& stop)
    : account_(account), limited_(limited), timeout_(timeout), stop_(stop) {
    const auto now = boot_clock::now();
    const auto until = account_.blocked_until(now);
    if (until > now) {
        announce_block(until, now, "an earlier run was told so");
    }
}

account_state::turn pacer::ask(boot_clock::time_point now) {
    if (blocked_until_ > now) {
        return {.slot = {}, .wait = blocked_until_ - now, .blocked = true};
    }
    if (!limited_) {
        return {.slot = 0, .wait = {}, .blocked = false};
    }
    return account_.take(now);
}

boost::asio::awaitable<std::optional<pacer::turn>> pacer::take() {
    while (!stop_.requested()) {
        const auto now = boot_clock::now();
        const account_state::turn asked = ask(now);
        if (asked.slot) {
            co_return turn{*asked.slot, now + timeout_};
        }
        if (asked.blocked && blocked_until_ < now + asked.wait) {
            announce_block(now + asked.wait, now, "another program was told so");
        }
        // Rounded up by one, or the last wait would come a fraction too early.
        const milliseconds nap = std::min(asked.wait + milliseconds(1), longest_nap);
        static_cast<void>(co_await stop_.sleep(nap));
    }
    co_return std::nullopt;
}

void pacer::answered(const turn& t) {
    if (limited_) {
        account_.answered(t.slot, boot_clock::now());
    }
}

void pacer::unused(const turn& t) {
    if (limited_) {
        account_.unused(t.slot);
    }
}

void pacer::blocked(milliseconds wait, const std::string& message) {
    const auto now = boot_clock::now();
    account_.block(wait, now);
    if (now + wait > blocked_until_) {
        announce_block(now + wait, now, message);
    }
}

void pacer::announce_block(boot_clock::time_point until, boot_clock::time_point now, const std::string& reason) {
    // Requests that were under way when the block began tell of it once more each.
    const bool is_new = until > blocked_until_ + std::chrono::seconds(2);
    paused_ += until - std::max(now, std::min(blocked_until_, until));
    blocked_until_ = until;
    if (is_new) {
        const auto wall = std::chrono::floor<milliseconds>(std::chrono::system_clock::now()) + (until - now);
        spdlog::warn("the account is blocked by the service ({}): nothing is sent for {}, until {}", reason,
                     show_duration(until - now), show_time(wall));
    }
}

} // namespace baseload
