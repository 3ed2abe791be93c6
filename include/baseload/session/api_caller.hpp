#pragma once

#include "baseload/api/answer.hpp"
#include "baseload/api/call.hpp"
#include "baseload/api/retry_policy.hpp"
#include "baseload/api/transport.hpp"
#include "baseload/config/token.hpp"
#include "baseload/core/result.hpp"
#include "baseload/session/connection_health.hpp"
#include "baseload/session/pacer.hpp"
#include "baseload/session/session_clock.hpp"
#include "baseload/session/stop_signal.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <random>
#include <string>

namespace baseload {

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
    std::string body;                        // of an accepted read
    std::string date;                        // likewise: by the service's clock, as its Date field has it
    std::string why;                         // of a doubt, or of a call that was not made
    bool may_have_been_carried_out = false;  // of one that was not made: some attempt was sent and not answered
};

// What a create needs around its sending. Neither is called for updates and reads.
struct create_hooks {
    // When the connection stands and the request is about to leave: makes the intent durable.
    std::function<boost::asio::awaitable<void>()> before_sending;
    // When the service said that it did not carry the request out, or it never left.
    std::function<void()> not_carried_out;
};

// What the callers of one session share. All of it outlives them.
struct caller_context {
    const token& secret;
    const retry_policy& policy;
    pacer& pace;
    connection_health& health;
    stop_signal& stop;
    const session_clock& clock;
};

// Makes calls over one connection: takes a permit, connects, sends, judges, and repeats as the retry policy says.
// Requests a stop where no request will do better. For one coroutine at a time.
class api_caller {
public:
    api_caller(std::unique_ptr<transport> way, const caller_context& context)
        : transport_(std::move(way)), context_(context) {}

    // `hooks`: for a create. The intent that they keep stands while a request may be under way,
    // and no longer. Both outlive the wait.
    [[nodiscard]] boost::asio::awaitable<call_outcome> make(const api_call& call, const create_hooks& hooks);

    // The body of the answer to a call that reads; the fault says why there is none.
    [[nodiscard]] boost::asio::awaitable<result<std::string>> read(api_call call);

    // After an answer that cannot be the call's own: what the connection says further is not heard.
    void distrust() { transport_->close(); }

private:
    using exchange_result = result<http_answer, no_answer>;

    // True when connected; false when the next attempt is due, or a stop was requested. Gives the permit back then.
    [[nodiscard]] boost::asio::awaitable<bool> connect(const pacer::permit& permit);
    [[nodiscard]] next_step judge_exchange(call_kind kind, const exchange_result& result, unsigned attempts,
                                           call_outcome& outcome);
    void act_on(const next_step& next, const api_call& call, const exchange_result& result, call_outcome& outcome);
    [[nodiscard]] http_answer without_token(http_answer answer) const;
    void count_failure(const std::string& what);
    void count_refusal(call_kind kind, const verdict& answer);
    [[nodiscard]] double jitter() { return std::uniform_real_distribution<>(0, 1)(random_); }

    std::unique_ptr<transport> transport_;
    caller_context context_;
    unsigned failed_connects_ = 0;  // in a row
    std::mt19937 random_{std::random_device{}()};
};

}  // namespace baseload
