#include "baseload/session/stop_signal.hpp"

#include <memory>

namespace baseload {

void stop_signal::request(exit_code code, const std::string& reason) {
    if (requested_) {
        return;
    }
    requested_ = true;
    code_ = code;
    reason_ = reason;
    for (session_timer* sleeper : sleepers_) {
        sleeper->cancel();
    }
}

boost::asio::awaitable<bool> stop_signal::sleep(std::chrono::milliseconds duration) {
    if (requested_) {
        co_return false;
    }
    const std::unique_ptr<session_timer> timer = clock_.new_timer();
    sleepers_.insert(timer.get());
    static_cast<void>(co_await timer->wait_for(duration));
    sleepers_.erase(timer.get());
    co_return !requested_;
}

}  // namespace baseload
