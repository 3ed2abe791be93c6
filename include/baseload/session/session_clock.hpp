#pragma once

#include "baseload/core/boot_clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace baseload {

// Something to wait on. Whoever waits is woken by time or by cancel(); destroying it cancels. Lives on the I/O thread.
class session_timer {
public:
    virtual ~session_timer() = default;

    // False when it was cancelled before the time was over. One waiter at a time.
    [[nodiscard]] virtual boost::asio::awaitable<bool> wait_for(std::chrono::milliseconds duration) = 0;
    // For any number of waiters.
    [[nodiscard]] virtual boost::asio::awaitable<void> wait_until_cancelled() = 0;
    // Not called when it is cancelled before. What `callback` throws comes out of the event loop.
    virtual void call_after(std::chrono::milliseconds duration, std::function<void()> callback) = 0;
    virtual void cancel() = 0;
};

// The time that a session lives by: what it reads and what it waits for come from here, so that tests have a clock
// that jumps from one wait to the next (tests/support/virtual_clock.hpp).
class session_clock {
public:
    virtual ~session_clock() = default;

    // Goes on while the machine sleeps: the request limit, blocks and settling times are kept by it.
    [[nodiscard]] virtual boot_clock::time_point now() const = 0;
    // Stands still while the machine sleeps: how long the program itself has tried in vain.
    [[nodiscard]] virtual std::chrono::steady_clock::time_point awake() const = 0;

    [[nodiscard]] virtual std::unique_ptr<session_timer> new_timer() = 0;
};

// The machine's own clocks, and timers of its event loop.
class machine_clock final : public session_clock {
public:
    explicit machine_clock(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

    [[nodiscard]] boot_clock::time_point now() const override { return boot_clock::now(); }
    [[nodiscard]] std::chrono::steady_clock::time_point awake() const override {
        return std::chrono::steady_clock::now();
    }
    [[nodiscard]] std::unique_ptr<session_timer> new_timer() override;

private:
    boost::asio::any_io_executor executor_;
};

}  // namespace baseload
