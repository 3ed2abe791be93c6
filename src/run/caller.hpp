#pragma once

#include "baseload/api/answer.hpp"
#include "baseload/api/call.hpp"
#include "baseload/api/connection.hpp"
#include "baseload/api/retry_policy.hpp"
#include "baseload/config/token.hpp"
#include "pacer.hpp"
#include "stop_request.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <utility>

namespace baseload {

// What the callers of one run know together of the way to the API.
class line_state {
public:
    explicit line_state(std::uint32_t stop_after_failures) : stop_after_failures_(stop_after_failures) {}

    void sent() { ++requests_; }
    [[nodiscard]] std::uint64_t requests() const { return requests_; }

    // True when no connection stood before.
    bool connected() { return std::exchange(unconnected_since_, std::nullopt).has_value(); }
    [[nodiscard]] bool is_unconnected() const { return unconnected_since_.has_value(); }
    // For how long no connection has stood; called on each failure.
    [[nodiscard]] std::chrono::milliseconds not_connected(std::chrono::steady_clock::time_point now);

    void succeeded() { failures_in_a_row_ = 0; }
    // True when so many have failed in a row that going on makes no sense.
    [[nodiscard]] bool failed() { return ++failures_in_a_row_ >= stop_after_failures_; }

private:
    std::uint32_t stop_after_failures_;
    std::uint32_t failures_in_a_row_ = 0;
    std::uint64_t requests_ = 0;
    std::optional<std::chrono::steady_clock::time_point> unconnected_since_;
};

// How a call ended, retries and all.
struct call_outcome {
    enum class ending {
        accepted,
        refused,   // the service's no to this call
        in_doubt,  // a create that may have been carried out
        not_made   // a stop came first, or it went unanswered again and again
    };
    ending how = ending::not_made;
    verdict answer;
    std::string body;  // of an accepted read
    std::string why;   // of a doubt, or of a call that was not made
};

// What a create needs around its sending. Neither is called for updates and reads.
struct create_hooks {
    // When the connection stands and the request is about to leave: makes the intent durable.
    std::function<boost::asio::awaitable<void>()> before_sending;
    // When the service said that it did not carry the request out, or it never left.
    std::function<void()> not_carried_out;
};

// Makes calls over one connection: takes a turn, connects, sends, judges, and repeats as
// the retry policy says. Requests a stop where no request will do better.
class caller {
public:
    caller(boost::asio::any_io_executor executor, const connector& way, const token& secret, const retry_policy& policy,
           pacer& pace, line_state& line, stop_request& wish);

    // `hooks`: for a create. The intent that they keep stands while a request may be under way,
    // and no longer.
    [[nodiscard]] boost::asio::awaitable<call_outcome> make(api_call call, create_hooks hooks);

private:
    // True when connected; false when a stop was requested. Gives the turn back on failure.
    [[nodiscard]] boost::asio::awaitable<bool> connect(const pacer::turn& turn);
    [[nodiscard]] next_step judge_exchange(call_kind kind, const exchange_result& result, unsigned attempts,
                                           call_outcome& outcome);
    void act_on(const next_step& next, const api_call& call, const exchange_result& result, call_outcome& outcome);
    [[nodiscard]] std::string without_token(std::string text) const;
    void count_failure(const std::string& what);
    [[nodiscard]] double jitter() { return std::uniform_real_distribution<>(0, 1)(random_); }

    const token& secret_;
    const retry_policy& policy_;
    pacer& pace_;
    line_state& line_;
    stop_request& stop_;
    connection connection_;
    unsigned failed_connects_ = 0;  // in a row
    std::mt19937 random_{std::random_device{}()};
};

}  // namespace baseload
