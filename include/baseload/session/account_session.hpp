#pragma once

#include "baseload/api/account_state.hpp"
#include "baseload/api/connection.hpp"
#include "baseload/api/retry_policy.hpp"
#include "baseload/config/settings.hpp"
#include "baseload/config/token.hpp"
#include "baseload/session/api_caller.hpp"
#include "baseload/session/connection_health.hpp"
#include "baseload/session/pacer.hpp"
#include "baseload/session/session_clock.hpp"
#include "baseload/session/stop_signal.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace baseload {

// What tells two accounts apart, by which their request limits are kept. The token is not part of it: a new token is
// the same account.
[[nodiscard]] std::string account_identity(const account_settings& account);

// The way to one account for the length of a command: its token, what all programs share of
// its limit, the connections' settings, the event loop, and the signal to stop. SIGINT, SIGTERM and
// SIGHUP request a stop (core/termination.hpp).
class account_session {
public:
    // Throws command_error(usage) for a state file or a CA file that cannot be used.
    account_session(const settings& job, token secret);
    account_session(const account_session&) = delete;
    account_session& operator=(const account_session&) = delete;

    [[nodiscard]] boost::asio::io_context& io() { return io_; }
    [[nodiscard]] stop_signal& stop() { return stop_; }
    [[nodiscard]] session_clock& clock() { return clock_; }
    [[nodiscard]] pacer& pace() { return pace_; }
    [[nodiscard]] account_state& state() { return state_; }
    [[nodiscard]] const connection_health& health() const { return health_; }
    [[nodiscard]] connection_health& health() { return health_; }

    // One connection, to be used by one coroutine at a time.
    [[nodiscard]] api_caller new_caller();

    // What a coroutine throws comes out of io().run().
    void spawn(boost::asio::awaitable<void> coroutine);

    // Runs one coroutine to its end. Throws what it throws.
    void run(boost::asio::awaitable<void> coroutine);
    template <class Value>
    [[nodiscard]] Value run(boost::asio::awaitable<Value> coroutine) {
        std::optional<Value> value;
        run(keep(std::move(coroutine), value));
        return std::move(*value);
    }

    // Takes in signals that have come; false once a stop is requested.
    [[nodiscard]] bool keep_going();

    // Throws command_error when one is requested.
    void throw_if_stopped() const;

    // Requests a stop when so much time has passed.
    void stop_after(std::chrono::milliseconds runtime);

private:
    template <class Value>
    static boost::asio::awaitable<void> keep(boost::asio::awaitable<Value> coroutine, std::optional<Value>& into) {
        into.emplace(co_await std::move(coroutine));
    }
    void watch_signals();

    token secret_;
    connector way_;
    account_state state_;
    retry_policy policy_;
    boost::asio::io_context io_{1};
    machine_clock clock_{io_.get_executor()};
    stop_signal stop_{clock_};
    boost::asio::posix::stream_descriptor signals_;
    boost::asio::steady_timer deadline_;
    pacer pace_;
    connection_health health_;
};

}  // namespace baseload
