#include "caller.hpp"

#include "baseload/api/block_notice.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace baseload {

namespace asio = boost::asio;
using std::chrono::milliseconds;

milliseconds line_state::not_connected(std::chrono::steady_clock::time_point now) {
    if (!unconnected_since_) {
        unconnected_since_ = now;
    }
    return std::chrono::duration_cast<milliseconds>(now - *unconnected_since_);
}

caller::caller(asio::any_io_executor executor, const connector& way, const token& secret,
               const retry_policy& policy, pacer& pace, line_state& line, stop_request& stop)
    : secret_(secret), policy_(policy), pace_(pace), line_(line), stop_(stop),
      connection_(std::move(executor), way) {}

namespace {

// What the service said, and what would put it right (API.md, "Error codes").
std::string account_refusal(const verdict& v) {
    std::string text = fmt::format("the account refused ({}{}{})", v.code, v.message.empty() ? "" : ": ", v.message);
    if (v.code == "ERROR_USER_ACCOUNT_BLOCKED") {
        return text + "; it is closed or suspended: ask the account's owner";
    }
    if (v.code == "ERROR_UNKNOWN_METHOD") {
        return text + "; check that the token may use addCrmClient, and [account] url";
    }
    if (v.code == "redirect") {
        return text;
    }
    return text + "; the token is wrong or was regenerated: take the present one from the panel (My account, API) and "
                  "put it where [account] token_env or token_file says";
}

} // namespace

asio::awaitable<call_outcome> caller::make(api_call call, std::function<asio::awaitable<void>()> before_sending) {
    const std::string form = form_body(call);
    call_outcome outcome;
    bool prepared = false;
    unsigned attempts = 0;
    for (;;) {
        const std::optional<pacer::turn> turn = co_await pace_.take();
        if (!turn) {
            co_return outcome;
        }
        const bool connected = co_await connect(*turn);
        if (!connected) {
            continue;  // take() ends the loop when a stop was requested
        }
        if (!prepared) {
            co_await before_sending();
            prepared = true;
        }
        if (boot_clock::now() > turn->send_by) {
            pace_.unused(*turn);  // the machine slept, or the disk was slow
            continue;
        }
        line_.sent();
        const exchange_result result = co_await connection_.post(secret_.reveal(), form);
        pace_.answered(*turn);
        const next_step next = judge_exchange(call, result, ++attempts, outcome);
        if (next.what == step::retry) {
            static_cast<void>(co_await stop_.sleep(next.delay));
        } else if (next.what != step::wait_block) {
            co_return outcome;
        }
    }
}

asio::awaitable<bool> caller::connect(const pacer::turn& turn) {
    const std::string failure = co_await connection_.ensure_open();
    if (failure.empty()) {
        line_.connected();
        failed_connects_ = 0;
        co_return true;
    }
    pace_.unused(turn);
    const milliseconds unconnected = line_.not_connected(std::chrono::steady_clock::now());
    const next_step next = policy_.after_failed_connect(++failed_connects_, jitter(), unconnected);
    if (next.what == step::stop_run) {
        stop_.request(exit_code::stopped,
                      fmt::format("{}, for longer than give_up_after allows; check [account] url and the network, and "
                                  "run again",
                                  failure));
        co_return false;
    }
    spdlog::info("{}; trying again in {} ms", failure, next.delay.count());
    static_cast<void>(co_await stop_.sleep(next.delay));
    co_return false;
}

next_step caller::judge_exchange(const api_call& call, const exchange_result& result, unsigned attempts,
                                 call_outcome& outcome) {
    next_step next;
    if (result.complete) {
        outcome.answer = judge(result.answer);
        outcome.why = outcome.answer.message;
        next = retry_policy::after_verdict(call.kind, outcome.answer, attempts, jitter());
    } else {
        outcome.why = result.failure;
        // Nothing of it left: to repeat it is safe even for a create.
        next = result.sent ? retry_policy::after_no_answer(call.kind, attempts, jitter())
                           : policy_.after_failed_connect(attempts, jitter(), milliseconds(0));
    }
    switch (next.what) {
    case step::done:
        outcome.how = call_outcome::ending::accepted;
        line_.succeeded();
        break;
    case step::fail_row:
        outcome.how = call_outcome::ending::refused;
        count_failure(fmt::format("{}: {}", outcome.answer.code, outcome.answer.message));
        break;
    case step::doubt:
        outcome.how = call_outcome::ending::in_doubt;
        if (outcome.why.empty()) {
            outcome.why = "the answer names no client";
        }
        count_failure(outcome.why);
        break;
    case step::give_up_row:
        count_failure(outcome.why);
        break;
    case step::wait_block: {
        const auto now = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
        pace_.blocked(block_wait(outcome.answer.message, result.answer.date, now), outcome.answer.message);
        break;
    }
    case step::stop_run:
        stop_.request(exit_code::refused, account_refusal(outcome.answer));
        break;
    case step::retry:
        spdlog::debug("{}; sending it again", outcome.why);
        break;
    }
    return next;
}

void caller::count_failure(const std::string& what) {
    if (line_.failed()) {
        stop_.request(exit_code::stopped, fmt::format("too many requests in a row failed ([account] stop_after_failures); "
                                                      "the last one: {}",
                                                      what));
    }
}

} // namespace baseload
