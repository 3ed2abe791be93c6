#pragma once

#include "baseload/api/account_state.hpp"
#include "baseload/api/connection.hpp"
#include "baseload/api/retry_policy.hpp"
#include "baseload/config/settings.hpp"
#include "baseload/config/token.hpp"
#include "caller.hpp"
#include "pacer.hpp"
#include "stop_request.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <chrono>
#include <cstdint>
#include <functional>

namespace baseload {

// The way to one account for the length of a command: its token, what all programs share of
// its limit, the connections' settings, the event loop, and the wish to stop. SIGINT and
// SIGTERM request a stop; a second one leaves at once, which is safe, since an intent is on
// disk before its create leaves.
class account_session {
public:
    // Throws stop(usage) for a state file or a CA file that cannot be used.
    account_session(const settings& job, token secret);
    account_session(const account_session&) = delete;
    account_session& operator=(const account_session&) = delete;

    [[nodiscard]] boost::asio::io_context& io() { return io_; }
    [[nodiscard]] stop_request& wish() { return wish_; }
    [[nodiscard]] pacer& pace() { return pace_; }
    [[nodiscard]] const line_state& line() const { return line_; }

    // One connection, to be used by one coroutine at a time.
    [[nodiscard]] caller new_caller();

    // What a coroutine throws comes out of io().run().
    void spawn(boost::asio::awaitable<void> coroutine);

    // Runs one coroutine to its end. Throws what it throws.
    void run(boost::asio::awaitable<void> coroutine);

    // Takes in signals that have come; false once a stop is requested.
    [[nodiscard]] bool keep_going();

    // Throws stop when one is requested.
    void throw_if_stopped() const;

    // Requests a stop when so much time has passed.
    void stop_after(std::chrono::milliseconds runtime);

private:
    void watch_signals();

    token secret_;
    connector way_;
    account_state state_;
    retry_policy policy_;
    boost::asio::io_context io_{1};
    stop_request wish_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer deadline_;
    pacer pace_;
    line_state line_;
};

}  // namespace baseload
