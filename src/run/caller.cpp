#include "caller.hpp"

#include "baseload/api/block_notice.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/wall_clock.hpp"

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

caller::caller(asio::any_io_executor executor, const connector& way, const token& secret, const retry_policy& policy,
               pacer& pace, line_state& line, stop_request& wish)
    : secret_(secret), policy_(policy), pace_(pace), line_(line), stop_(wish), connection_(std::move(executor), way) {}

namespace {

// What the service said, and what would put it right (API.md, "Error codes").
std::string account_refusal(const verdict& v, const std::string& method) {
    std::string text = fmt::format("the account refused ({}{}{})", v.code, v.message.empty() ? "" : ": ", v.message);
    if (v.code == "ERROR_USER_ACCOUNT_BLOCKED") {
        return text + "; it is closed or suspended: ask the account's owner";
    }
    if (v.code == "ERROR_UNKNOWN_METHOD") {
        return fmt::format("{}; check that the token may use {}, and [account] url", text, method);
    }
    if (v.code == "redirect") {
        return text;
    }
    if (v.code.starts_with("http_")) {
        return text + "; check [account] url, and what stands between this machine and it";
    }
    return text + "; the token is wrong or was regenerated: take the present one from the panel (My account, API) and "
                  "put it where [account] token_env or token_file says";
}

}  // namespace

asio::awaitable<call_outcome> caller::make(api_call call, create_hooks hooks) {
    const std::string form = form_body(call);
    const bool is_create = call.kind == call_kind::create;
    call_outcome outcome;
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
        if (is_create) {
            co_await hooks.before_sending();
        }
        if (!pace_.still_good(*turn)) {
            pace_.unused(*turn);
            if (is_create) {
                hooks.not_carried_out();
            }
            continue;
        }
        line_.sent();
        exchange_result result = co_await connection_.post(secret_.reveal(), form);
        pace_.answered(*turn);
        const next_step next = judge_exchange(call.kind, result, ++attempts, outcome);
        act_on(next, call, result, outcome);
        if (call.kind == call_kind::read && next.what == step::done) {
            outcome.body = std::move(result.answer.body);
        }
        const bool again = next.what == step::retry || next.what == step::wait_block;
        // What came out is settled by the caller of this; what goes on is not under way.
        if (is_create && (again || outcome.how == call_outcome::ending::not_made)) {
            hooks.not_carried_out();
        }
        if (!again) {
            co_return outcome;
        }
        static_cast<void>(co_await stop_.sleep(next.delay));
    }
}

asio::awaitable<bool> caller::connect(const pacer::turn& turn) {
    const std::string failure = co_await connection_.ensure_open();
    if (failure.empty()) {
        if (line_.connected()) {
            spdlog::info("connected again");
        }
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
    if (unconnected.count() == 0) {
        spdlog::warn("{}; trying again, for up to {} ([account] give_up_after)", failure,
                     show_duration(policy_.give_up_after()));
    }
    static_cast<void>(co_await stop_.sleep(next.delay));
    co_return false;
}

next_step caller::judge_exchange(call_kind kind, const exchange_result& result, unsigned attempts,
                                 call_outcome& outcome) {
    if (!result.complete) {
        outcome.why = result.failure;
        return result.sent ? retry_policy::after_no_answer(kind, attempts, jitter())
                           : retry_policy::after_not_sent(attempts, jitter());
    }
    outcome.answer = judge(result.answer);
    outcome.answer.code = without_token(std::move(outcome.answer.code));
    outcome.answer.message = without_token(std::move(outcome.answer.message));
    outcome.why = outcome.answer.message;
    return retry_policy::after_verdict(kind, outcome.answer, attempts, jitter());
}

void caller::act_on(const next_step& next, const api_call& call, const exchange_result& result, call_outcome& outcome) {
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
        outcome.why = outcome.why.empty() ? "the answer names no client" : outcome.why;
        count_failure(outcome.why);
        break;
    case step::give_up_row:
        spdlog::warn("{} was given up: {}", call.method, outcome.why);
        count_failure(outcome.why);
        break;
    case step::wait_block:
        pace_.blocked(block_wait(outcome.answer.message, result.answer.date, wall_now()), outcome.answer.message);
        break;
    case step::stop_run:
        if (call.may_be_closed && outcome.answer.code == "ERROR_UNKNOWN_METHOD") {
            outcome.how = call_outcome::ending::refused;
            break;
        }
        stop_.request(exit_code::refused, account_refusal(outcome.answer, call.method));
        break;
    case step::retry: spdlog::debug("{}; sending it again", outcome.why); break;
    }
}

// A service may repeat what it was sent; the token goes no further than here.
std::string caller::without_token(std::string text) const {
    constexpr std::string_view instead = "[token]";
    const std::string& secret = secret_.reveal();
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + instead.size())) {
        text.replace(at, secret.size(), instead);
    }
    return text;
}

void caller::count_failure(const std::string& what) {
    if (line_.failed()) {
        stop_.request(exit_code::stopped,
                      fmt::format("too many requests in a row failed ([account] stop_after_failures); "
                                  "the last one: {}",
                                  what));
    }
}

}  // namespace baseload
