#include "baseload/session/session_clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace baseload {

namespace asio = boost::asio;

namespace {

class machine_timer final : public session_timer {
public:
    explicit machine_timer(const asio::any_io_executor& executor) : timer_(executor) {}

    asio::awaitable<bool> wait_for(std::chrono::milliseconds duration) override {
        timer_.expires_after(duration);
        const auto [cancelled] = co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
        co_return !cancelled;
    }

    asio::awaitable<void> wait_until_cancelled() override {
        // Setting the expiry cancels all who wait already (Boost.Asio, basic_waitable_timer::expires_at), so a second
        // waiter must not set it again.
        if (timer_.expiry() != asio::steady_timer::time_point::max()) {
            timer_.expires_at(asio::steady_timer::time_point::max());
        }
        static_cast<void>(co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable)));
    }

    void call_after(std::chrono::milliseconds duration, std::function<void()> callback) override {
        timer_.expires_after(duration);
        // expires_after has cancelled a call that was due before; that one hears of it here and does nothing.
        timer_.async_wait([callback = std::move(callback)](const boost::system::error_code& cancelled) {
            if (!cancelled) {
                callback();
            }
        });
    }

    void cancel() override { timer_.cancel(); }

private:
    asio::steady_timer timer_;
};

}  // namespace

std::unique_ptr<session_timer> machine_clock::new_timer() {
    return std::make_unique<machine_timer>(executor_);
}

}  // namespace baseload
