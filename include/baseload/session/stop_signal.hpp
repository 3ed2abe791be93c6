#pragma once

#include "baseload/core/exit_code.hpp"
#include "baseload/session/session_clock.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <set>
#include <string>

namespace baseload {

// The request to end the command before its end: what is in flight is finished, nothing new is begun, and whoever
// sleeps is woken. The first request counts. Lives on the I/O thread.
class stop_signal {
public:
    // The clock must outlive it.
    explicit stop_signal(session_clock& clock) : clock_(clock) {}

    void request(exit_code code, const std::string& reason);

    [[nodiscard]] bool requested() const { return requested_; }
    [[nodiscard]] exit_code code() const { return code_; }
    [[nodiscard]] const std::string& reason() const { return reason_; }  // blank until one is requested

    // False when a stop cut the sleep short, or was there before.
    [[nodiscard]] boost::asio::awaitable<bool> sleep(std::chrono::milliseconds duration);

private:
    session_clock& clock_;
    bool requested_ = false;
    exit_code code_ = exit_code::success;
    std::string reason_;
    std::set<session_timer*> sleepers_;
};

}  // namespace baseload
