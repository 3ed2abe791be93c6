#include "baseload/session/stop_signal.hpp"

#include <memory>

namespace baseload {

void stop_signal::request(exit_code code, const std::string& reason) {
    // Later reasons mostly follow from the first one, and would hide it.
    if (requested_) {
        return;
    }
    requested_ = true;
    code_ = code;
    reason_ = reason;
    // cancel() only posts: no sleeper runs, and takes itself out of the set, within this loop.
    for (session_timer* sleeper : sleepers_) {
        sleeper->cancel();
    }
}

boost::asio::awaitable<bool> stop_signal::sleep(std::chrono::milliseconds duration) {
    if (requested_) {
        co_return false;
    }
    // A timer for each sleeper, since a session_timer has one waiter for wait_for.
    const std::unique_ptr<session_timer> timer = clock_.new_timer();
    sleepers_.insert(timer.get());
    static_cast<void>(co_await timer->wait_for(duration));
    sleepers_.erase(timer.get());
    // Not the timer's own answer: the stop may have come in the moment in which it ended.
    co_return !requested_;
}

}  // namespace baseload
