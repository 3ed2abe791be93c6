#include "baseload/api/retry_policy.hpp"

#include <doctest/doctest.h>

using namespace baseload;
using std::chrono::milliseconds;
using std::chrono::minutes;

namespace {

step after(call_kind kind, verdict_kind v, unsigned attempts = 1, std::optional<std::int64_t> id = 42) {
    return retry_policy::after_verdict(kind, {v, id, {}, {}}, attempts, 0.5).what;
}

}  // namespace

TEST_CASE("a create is never repeated where it may have been carried out") {
    for (const verdict_kind v : {verdict_kind::server_fault, verdict_kind::unreadable}) {
        for (unsigned attempts = 1; attempts < 10; ++attempts) {
            CHECK(after(call_kind::create, v, attempts) == step::doubt);
        }
    }
    CHECK(retry_policy::after_no_answer(call_kind::create, 1, 0).what == step::doubt);
    CHECK(after(call_kind::create, verdict_kind::accepted, 1, std::nullopt) == step::doubt);
}

TEST_CASE("updates and reads are repeated, but not for ever") {
    for (const call_kind kind : {call_kind::update, call_kind::read}) {
        CHECK(after(kind, verdict_kind::server_fault, 1) == step::retry);
        CHECK(after(kind, verdict_kind::unreadable, 4) == step::retry);
        CHECK(after(kind, verdict_kind::server_fault, 5) == step::give_up_row);
        CHECK(retry_policy::after_no_answer(kind, 4, 0).what == step::retry);
        CHECK(retry_policy::after_no_answer(kind, 5, 0).what == step::give_up_row);
        CHECK(after(kind, verdict_kind::accepted, 1, std::nullopt) == step::done);
    }
}

TEST_CASE("what surely never left is repeated, a create too, but not for ever") {
    CHECK(retry_policy::after_not_sent(1, 0).what == step::retry);
    CHECK(retry_policy::after_not_sent(5, 0).what == step::give_up_row);
}

TEST_CASE("what the service says of a request holds for every kind") {
    for (const call_kind kind : {call_kind::create, call_kind::update, call_kind::read}) {
        CHECK(after(kind, verdict_kind::accepted) == step::done);
        CHECK(after(kind, verdict_kind::refused) == step::fail_row);
        CHECK(after(kind, verdict_kind::blocked) == step::wait_block);
        CHECK(after(kind, verdict_kind::account_refused) == step::stop_run);
    }
}

TEST_CASE("delays double under jitter, up to half a minute") {
    milliseconds before{0};
    for (unsigned attempts = 1; attempts < 5; ++attempts) {
        const milliseconds shortest = retry_policy::after_no_answer(call_kind::update, attempts, 0).delay;
        const milliseconds longest = retry_policy::after_no_answer(call_kind::update, attempts, 1).delay;
        CHECK(longest == 2 * shortest);
        CHECK(longest >= 2 * before);
        before = longest;
    }
    const retry_policy policy(minutes(15));
    CHECK(policy.after_failed_connect(40, 1, milliseconds(0)).delay == milliseconds(30'000));
}

TEST_CASE("connecting is given up after the set time, and never slept past it") {
    const retry_policy policy(minutes(1));
    CHECK(policy.after_failed_connect(3, 0.5, minutes(1)).what == step::stop_run);
    const next_step last = policy.after_failed_connect(20, 1, milliseconds(55'000));
    CHECK(last.what == step::retry);
    CHECK(last.delay == milliseconds(5'000));
}
