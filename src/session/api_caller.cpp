#include "baseload/session/api_caller.hpp"

#include "baseload/api/block_notice.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "baseload/core/wall_clock.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace baseload {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

// What the service said, and what would put it right (src/api/README.md, "Error codes").
std::string account_refusal(const verdict& v, const std::string& method) {
    std::string text = fmt::format("the account refused ({}{}{})", v.code, v.message.empty() ? "" : ": ", v.message);
    if (v.code == "ERROR_USER_ACCOUNT_BLOCKED") {
        return text + "; it is closed or suspended: ask the account's owner";
    }
    if (v.code == "ERROR_UNKNOWN_METHOD") {
        return fmt::format("{}; check that the token may use {}, and [account] url", text, method);
    }
    // The message says already where to and what to change (api/answer.cpp).
    if (v.code == "redirect") {
        return text;
    }
    if (v.foreign) {
        return text + "; check [account] url, and what stands between this machine and it";
    }
    return text + "; the token is wrong or was regenerated: take the present one from the panel (My account, API) and "
                  "put it where [account] token_env or token_file says";
}

}  // namespace

namespace {

// Whether the service may have carried out what it was sent.
bool leaves_open(const result<http_answer, no_answer>& exchange, const verdict& answer) {
    return exchange ? answer.kind == verdict_kind::unreadable || answer.kind == verdict_kind::server_fault
                    : exchange.error().sent;
}

}  // namespace

asio::awaitable<call_outcome> api_caller::make(const api_call& call, const create_hooks& hooks) {
    // Once for all attempts: a repetition sends the same bytes.
    const std::string form = form_body(call);
    const bool is_create = call.kind == call_kind::create;
    call_outcome outcome;
    unsigned attempts = 0;
    for (;;) {
        // A permit for each attempt, since each of them counts under the account's limit.
        const std::optional<pacer::permit> permit = co_await context_.pace.take();
        if (!permit) {
            co_return outcome;
        }
        if (!transport_->is_open() && !co_await connect(*permit)) {
            continue;  // take() ends the loop when a stop was requested
        }
        if (is_create) {
            // The intent is made durable as late as possible: what is killed before this needs no look-up.
            co_await hooks.before_sending();
        }
        // Connecting and the disk have taken their time; a request during a block would prolong it (src/api/README.md,
        // "Limit").
        if (!context_.pace.still_good(*permit)) {
            context_.pace.unused(*permit);
            if (is_create) {
                hooks.not_carried_out();
            }
            continue;
        }
        // Counted before it leaves: a request without an answer is a request too.
        context_.health.sent(context_.clock.now());
        exchange_result result = co_await transport_->post(context_.secret.reveal(), form);
        if (result) {
            context_.pace.answered(*permit);
        } else {
            // Its slot stays taken for the settling time and a minute, since the service may still be about to count
            // it.
            context_.pace.given_up(*permit);
        }
        const next_step next = judge_exchange(call.kind, result, ++attempts, outcome);
        // Of all attempts: that the last one was refused says nothing about an earlier one without an answer.
        outcome.may_have_been_carried_out = outcome.may_have_been_carried_out || leaves_open(result, outcome.answer);
        act_on(next, call, result, outcome);
        // Only a read needs the body; the id that a write answers is in the verdict.
        if (call.kind == call_kind::read && next.what == step::done) {
            outcome.body = std::move(result->body);
            outcome.date = std::move(result->date);
        }
        const bool again = next.what == step::retry || next.what == step::wait_block;
        // What came out is settled by the caller of this; what goes on is not under way.
        if (is_create && (again || outcome.how == call_outcome::ending::not_made)) {
            hooks.not_carried_out();
        }
        if (!again) {
            co_return outcome;
        }
        // A stop cuts it short, and take() then ends the loop.
        static_cast<void>(co_await context_.stop.sleep(next.delay));
    }
}

asio::awaitable<result<std::string>> api_caller::read(api_call call) {
    const create_hooks none;
    call_outcome outcome = co_await make(call, none);
    switch (outcome.how) {
    case call_outcome::ending::accepted: co_return std::move(outcome.body);
    case call_outcome::ending::refused:
        co_return failure(fmt::format("the service refused: {}: {}", outcome.answer.code, outcome.answer.message));
    default: co_return failure(outcome.why.empty() ? std::string("the run is being stopped") : outcome.why);
    }
}

asio::awaitable<bool> api_caller::connect(const pacer::permit& permit) {
    const result<void> opened = co_await transport_->ensure_open();
    if (opened) {
        // All connections share the health, so a line is logged once and not once a connection.
        if (context_.health.connected()) {
            spdlog::info("connected again");
        }
        failed_connects_ = 0;
        co_return true;
    }
    const std::string& failure = opened.error().problem;
    context_.pace.unused(permit);
    // By the clock that stands still while the machine sleeps: a laptop that wakes up has not tried for hours in vain.
    const milliseconds unconnected = context_.health.not_connected(context_.clock.awake());
    const next_step next = context_.policy.after_failed_connect(++failed_connects_, jitter(), unconnected);
    if (next.what == step::stop_run) {
        context_.stop.request(
            exit_code::stopped,
            fmt::format("{}, for longer than give_up_after allows; check [account] url and the network, and "
                        "run again",
                        failure));
        co_return false;
    }
    // The first failure since somebody was connected: it is logged once, however many connections fail.
    if (unconnected.count() == 0) {
        spdlog::warn("{}; trying again, for up to {} ([account] give_up_after)", failure,
                     show_duration(context_.policy.give_up_after()));
    }
    static_cast<void>(co_await context_.stop.sleep(next.delay));
    co_return false;
}

next_step api_caller::judge_exchange(call_kind kind, const exchange_result& result, unsigned attempts,
                                     call_outcome& outcome) {
    if (!result) {
        outcome.why = result.error().why;
        // Without a byte sent even a create may be repeated; after that it is in doubt.
        return result.error().sent ? retry_policy::after_no_answer(kind, attempts, jitter())
                                   : retry_policy::after_not_sent(attempts, jitter());
    }
    outcome.answer = judge(*result);
    // Judged before the token is taken out: an accepted body is never shown, and need not be copied.
    if (outcome.answer.kind != verdict_kind::accepted) {
        outcome.answer = judge(without_token(*result));  // its words are shown
    }
    // A proxy or a login page answers here, and may go on with what belongs to another request.
    if (outcome.answer.foreign) {
        transport_->close();
    }
    outcome.why = outcome.answer.message;
    return retry_policy::after_verdict(kind, outcome.answer, attempts, jitter());
}

void api_caller::act_on(const next_step& next, const api_call& call, const exchange_result& result,
                        call_outcome& outcome) {
    switch (next.what) {
    case step::done:
        outcome.how = call_outcome::ending::accepted;
        context_.health.succeeded();
        break;
    case step::fail_row:
        outcome.how = call_outcome::ending::refused;
        // Both counts: equal refusals speak of the account, failures of any kind of the service.
        count_refusal(call.kind, outcome.answer);
        count_failure(fmt::format("{}: {}", outcome.answer.code, outcome.answer.message));
        break;
    case step::doubt:
        outcome.how = call_outcome::ending::in_doubt;
        outcome.why = outcome.why.empty() ? "the answer names no client" : outcome.why;
        count_failure(outcome.why);
        break;
    // `how` stays not_made: the row is left to the next run.
    case step::give_up_row:
        spdlog::warn("{} was given up: {}", call.method, outcome.why);
        count_failure(outcome.why);
        break;
    case step::wait_block:
        // The wall clock, since the service names its time in words; the pause is then kept by the other clock.
        context_.pace.blocked(block_wait(outcome.answer.message, result->date, result->retry_after, wall_now()),
                              outcome.answer.message.empty() ? outcome.answer.code : outcome.answer.message);
        break;
    case step::stop_run:
        // Some accounts lack the method: that is no reason to stop the run (tests/session/api_caller_test.cpp).
        if (call.may_be_closed && outcome.answer.code == "ERROR_UNKNOWN_METHOD") {
            outcome.how = call_outcome::ending::refused;
            break;
        }
        context_.stop.request(exit_code::refused, account_refusal(outcome.answer, call.method));
        break;
    case step::retry: spdlog::debug("{}; sending it again", outcome.why); break;
    }
}

// A service may repeat what it was sent; the token goes no further than here.
http_answer api_caller::without_token(http_answer answer) const {
    const std::string& secret = context_.secret.reveal();
    for (std::string* text : {&answer.body, &answer.date, &answer.location}) {
        *text = redacted(*text, secret);
    }
    return answer;
}

// Codes that speak of one row alone do not count.
void api_caller::count_refusal(call_kind kind, const verdict& answer) {
    // A parse error is about the text of one row's cells.
    if (kind == call_kind::read || answer.code == "ERROR_PARSE_JSON_PARAMETERS") {
        return;
    }
    if (context_.health.refused(answer.code)) {
        context_.stop.request(
            exit_code::stopped,
            fmt::format("the service refused {} rows in a row with {} ({}), and took none between: that speaks of the "
                        "account or of the job, and not of the rows; put it right and run with --retry-rejected",
                        connection_health::max_equal_refusals, answer.code, answer.message));
    }
}

void api_caller::count_failure(const std::string& what) {
    // Reset by any success. It stops a run whose every row would fail, before a day's limit is spent on it.
    if (context_.health.failed()) {
        context_.stop.request(exit_code::stopped,
                              fmt::format("too many requests in a row failed ([account] stop_after_failures); "
                                          "the last one: {}",
                                          what));
    }
}

}  // namespace baseload
