#pragma once

#include "baseload/session/session_clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

namespace baseload::test {

// A session's time that stands still while anything can go on, and then jumps to the next wait: hours pass at once, and
// in the same order on every machine.
class virtual_clock final : public session_clock {
public:
    explicit virtual_clock(boost::asio::io_context& io) : io_(io), state_(std::make_shared<state>()) {}

    [[nodiscard]] boot_clock::time_point now() const override {
        return boot_clock::time_point(std::chrono::hours(1) + state_->passed);
    }
    [[nodiscard]] std::chrono::steady_clock::time_point awake() const override {
        return std::chrono::steady_clock::time_point(std::chrono::hours(1) + state_->passed);
    }
    [[nodiscard]] std::unique_ptr<session_timer> new_timer() override { return std::make_unique<timer>(*this); }

    // Since the test began.
    [[nodiscard]] std::chrono::milliseconds passed() const { return state_->passed; }

    // Runs a coroutine to its end, jumping from wait to wait. Throws what it throws, and logic_error when it waits for
    // something that no time brings.
    void run(boost::asio::awaitable<void> work) {
        bool done = false;
        std::exception_ptr thrown;
        boost::asio::co_spawn(io_, std::move(work), [&](std::exception_ptr error) {
            done = true;
            thrown = std::move(error);
        });
        while (!done) {
            io_.restart();
            io_.poll();
            if (!done && !jump()) {
                throw std::logic_error("nothing goes on any more");
            }
        }
        if (thrown) {
            std::rethrow_exception(thrown);
        }
    }
    template <class Value>
    Value run(boost::asio::awaitable<Value> work) {
        std::optional<Value> value;
        run(keep(std::move(work), value));
        return std::move(*value);
    }

    // Beside what run() is given: whatever it throws comes out of run().
    void spawn(boost::asio::awaitable<void> work) {
        boost::asio::co_spawn(io_, std::move(work), [](const std::exception_ptr& thrown) {
            if (thrown) {
                std::rethrow_exception(thrown);
            }
        });
    }

    // What is ready goes on, and no time passes.
    void settle() {
        io_.restart();
        io_.poll();
    }

private:
    class timer;
    // Shared with the timers, which may outlive the clock in suspended coroutines.
    struct state {
        std::chrono::milliseconds passed{0};
        std::set<timer*> waiting;
    };

    class timer final : public session_timer {
    public:
        explicit timer(virtual_clock& clock)
            : io_(clock.io_), state_(clock.state_), waiter_(io_, boost::asio::steady_timer::time_point::max()) {}
        ~timer() override { state_->waiting.erase(this); }
        timer(const timer&) = delete;
        timer& operator=(const timer&) = delete;

        boost::asio::awaitable<bool> wait_for(std::chrono::milliseconds duration) override {
            begin(duration);
            static_cast<void>(co_await waiter_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable)));
            state_->waiting.erase(this);
            co_return rang_;
        }
        boost::asio::awaitable<void> wait_until_cancelled() override {
            static_cast<void>(co_await waiter_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable)));
        }
        void call_after(std::chrono::milliseconds duration, std::function<void()> callback) override {
            begin(duration);
            callback_ = std::move(callback);
        }
        void cancel() override {
            callback_ = nullptr;
            state_->waiting.erase(this);
            waiter_.cancel();
        }

        void ring() {
            rang_ = true;
            state_->waiting.erase(this);
            if (callback_) {
                boost::asio::post(io_, std::exchange(callback_, nullptr));
            }
            waiter_.cancel();
        }
        [[nodiscard]] std::chrono::milliseconds due() const { return due_; }

    private:
        void begin(std::chrono::milliseconds duration) {
            rang_ = false;
            due_ = state_->passed + std::max(duration, std::chrono::milliseconds(0));
            state_->waiting.insert(this);
        }

        boost::asio::io_context& io_;
        std::shared_ptr<state> state_;
        boost::asio::steady_timer waiter_;
        std::function<void()> callback_;
        std::chrono::milliseconds due_{0};
        bool rang_ = false;
    };

    template <class Value>
    static boost::asio::awaitable<void> keep(boost::asio::awaitable<Value> work, std::optional<Value>& into) {
        into.emplace(co_await std::move(work));
    }

    bool jump() {
        const auto next = std::min_element(state_->waiting.begin(), state_->waiting.end(),
                                           [](const timer* a, const timer* b) { return a->due() < b->due(); });
        if (next == state_->waiting.end()) {
            return false;
        }
        state_->passed = std::max(state_->passed, (*next)->due());
        (*next)->ring();
        return true;
    }

    boost::asio::io_context& io_;
    std::shared_ptr<state> state_;
};

}  // namespace baseload::test
