#pragma once

#include "baseload/session/api_caller.hpp"
#include "support/scripted_service.hpp"
#include "support/temporary_folder.hpp"
#include "support/virtual_clock.hpp"

#include <boost/asio/io_context.hpp>

namespace baseload::test {

// A session with a scripted service and virtual time; the account's state lies in a real file.
class session_fixture {
    temporary_folder folder_;
    boost::asio::io_context io_;
    account_state state_;
    std::uint32_t per_minute_;
    token secret_{"secret-token-of-the-test"};
    retry_policy policy_{std::chrono::minutes(15)};

public:
    explicit session_fixture(std::uint32_t per_minute = 100, std::uint32_t stop_after_failures = 20)
        : state_(folder_ / "account.state", per_minute, {std::chrono::seconds(40), std::chrono::seconds(30)}),
          per_minute_(per_minute), health(stop_after_failures, clock.now()) {}

    virtual_clock clock{io_};
    scripted_service service;
    stop_signal stop{clock};
    pacer pace{state_, per_minute_, std::chrono::seconds(30), clock, stop};
    connection_health health;

    [[nodiscard]] const temporary_folder& folder() const { return folder_; }
    [[nodiscard]] api_caller new_caller() {
        return {service.new_transport(),
                {.secret = secret_, .policy = policy_, .pace = pace, .health = health, .stop = stop, .clock = clock}};
    }
};

}  // namespace baseload::test
