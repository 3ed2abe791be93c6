#include "stop_request.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace baseload {

namespace asio = boost::asio;

void stop_request::request(exit_code code, const std::string& reason) {
    if (requested_) {
        return;
    }
    requested_ = true;
    code_ = code;
    reason_ = reason;
    for (asio::steady_timer* sleeper : sleepers_) {
        sleeper->cancel();
    }
}

asio::awaitable<bool> stop_request::sleep(std::chrono::milliseconds duration) {
    if (requested_) {
        co_return false;
    }
    asio::steady_timer timer(executor_, duration);
    sleepers_.insert(&timer);
    static_cast<void>(co_await timer.async_wait(asio::as_tuple(asio::use_awaitable)));
    sleepers_.erase(&timer);
    co_return !requested_;
}

}  // namespace baseload
