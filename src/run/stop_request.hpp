#pragma once

#include "baseload/core/exit_code.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <set>
#include <string>

namespace baseload {

// The wish to end the run before its end: what is in flight is finished, nothing new is
// begun, and whoever sleeps is woken. The first wish counts. Lives on the I/O thread.
class stop_request {
public:
    explicit stop_request(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

    void request(exit_code code, const std::string& reason);

    [[nodiscard]] bool requested() const { return requested_; }
    [[nodiscard]] exit_code code() const { return code_; }
    [[nodiscard]] const std::string& reason() const { return reason_; }

    // False when a stop cut the sleep short, or was there before.
    [[nodiscard]] boost::asio::awaitable<bool> sleep(std::chrono::milliseconds duration);

private:
    boost::asio::any_io_executor executor_;
    bool requested_ = false;
    exit_code code_ = exit_code::success;
    std::string reason_;
    std::set<boost::asio::steady_timer*> sleepers_;
};

}  // namespace baseload
