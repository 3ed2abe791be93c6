#pragma once

#include "baseload/api/account_state.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/session/session_clock.hpp"
#include "baseload/session/stop_signal.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace baseload {

// Lets requests leave no faster than the account allows, over all programs that share it.
// Lives on the I/O thread.
class pacer {
public:
    // `per_minute`: 0 sends as fast as answers come, and still honours blocks.
    pacer(account_state& account, std::uint32_t per_minute, std::chrono::milliseconds timeout,
          const session_clock& clock, stop_signal& stop);

    struct permit {
        slot_id slot = 0;
        boot_clock::time_point send_by{};  // afterwards the permit is void
    };

    // Waits for a permit; nothing when a stop was requested meanwhile.
    [[nodiscard]] boost::asio::awaitable<std::optional<permit>> take();

    // Whether the permit, taken a while ago, is still good at the moment of sending: connecting
    // and the disk take their time, in which a block or a stop may have come.
    [[nodiscard]] bool still_good(const permit& t);

    // None throws: what is wrong with the state file stops the run, and loses no answer.
    void answered(const permit& t);
    void given_up(const permit& t);  // no answer came: the request may still be under way
    void unused(const permit& t);    // the request surely never left

    // Pauses everything, this process and the next (src/api/README.md, "Limit").
    void blocked(std::chrono::milliseconds wait, const std::string& message);

    // Nothing leaves before so much time has passed: it is no block.
    void hold_back(std::chrono::milliseconds wait);

    // Called with each permit, before it is given. What it throws stops the session.
    void before_sending(std::function<void()> mark) { before_sending_ = std::move(mark); }

    // Asked before each permit is given, and again when its request is about to leave: nothing leaves unless the
    // journal is surely held, and the session stops where it is lost.
    void must_hold(std::function<journal_hold()> hold) { hold_ = std::move(hold); }

    // How long nothing could be sent because of blocks.
    [[nodiscard]] std::chrono::milliseconds paused() const;
    // When that was, the last one up to now where it still goes on.
    struct pause {
        boot_clock::time_point from;
        boot_clock::time_point to;
    };
    [[nodiscard]] std::vector<pause> pauses() const;
    // How long, as far as is known, until the next request may leave.
    [[nodiscard]] std::chrono::milliseconds wait() const;
    [[nodiscard]] bool is_blocked() const { return blocked_until_ > clock_.now(); }
    [[nodiscard]] boot_clock::time_point blocked_until() const { return blocked_until_; }
    // Requests a minute that were left to us at the least, while others used the account too; nothing when that was
    // the whole limit. And now.
    [[nodiscard]] std::optional<std::uint32_t> lowest_limit() const { return lowest_limit_; }
    [[nodiscard]] std::optional<std::uint32_t> reduced_limit() const { return reduced_limit_; }

private:
    [[nodiscard]] account_state::permit ask(boot_clock::time_point now);
    void begin_pause(boot_clock::time_point until, boot_clock::time_point now, const std::string& reason);
    void end_pause(boot_clock::time_point now);
    template <class Work>
    void guarded(Work&& work);

    void note_limit(std::uint32_t limit);
    [[nodiscard]] bool is_held();

    account_state& account_;
    std::uint32_t per_minute_;
    std::chrono::milliseconds timeout_;
    const session_clock& clock_;
    stop_signal& stop_;
    boot_clock::time_point blocked_until_{};
    boot_clock::time_point next_permit_{};
    std::optional<boot_clock::time_point> pause_began_;
    std::optional<std::uint32_t> lowest_limit_;
    std::optional<std::uint32_t> reduced_limit_;
    boot_clock::time_point held_until_{};
    std::function<void()> before_sending_ = [] {};
    std::function<journal_hold()> hold_ = [] { return journal_hold{}; };
    bool was_unsure_ = false;
    std::vector<pause> pauses_;  // that have ended
};

}  // namespace baseload
