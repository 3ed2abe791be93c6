#include "baseload/api/retry_policy.hpp"

#include <doctest/doctest.h>

#include <random>

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

namespace {

struct history {
    unsigned sent = 0;
    bool maybe_carried_out = false;
    step end = step::retry;
};

// One call from its first attempt to its end, through random failures.
history simulate_call(call_kind kind, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto draw = [&](int most) { return std::uniform_int_distribution<>(0, most)(random); };
    const auto jitter = [&] { return std::uniform_real_distribution<>(0, 1)(random); };
    const retry_policy policy(minutes(15));
    history past;
    milliseconds unconnected{0};
    for (unsigned round = 1; round < 1'000; ++round) {
        if (draw(3) == 0) {
            const next_step next = policy.after_failed_connect(round, jitter(), unconnected);
            if (next.what == step::stop_run) {
                past.end = next.what;
                return past;
            }
            unconnected += next.delay;
            continue;
        }
        unconnected = milliseconds(0);
        CHECK_FALSE((kind == call_kind::create && past.maybe_carried_out));  // never sent again unseen
        ++past.sent;
        next_step next;
        switch (draw(3)) {
        case 0: next = retry_policy::after_not_sent(past.sent, jitter()); break;
        case 1:
            past.maybe_carried_out = true;
            next = retry_policy::after_no_answer(kind, past.sent, jitter());
            break;
        default: {
            const auto v = static_cast<verdict_kind>(draw(5));
            const bool silent = v == verdict_kind::server_fault || v == verdict_kind::unreadable;
            past.maybe_carried_out = past.maybe_carried_out || silent || v == verdict_kind::accepted;
            next = retry_policy::after_verdict(kind, {v, 42, {}, {}}, past.sent, jitter());
        }
        }
        CHECK(next.delay >= milliseconds(0));
        CHECK(next.delay <= milliseconds(30'000));
        if (next.what != step::retry && next.what != step::wait_block) {
            past.end = next.what;
            return past;
        }
    }
    return past;
}

}  // namespace

TEST_CASE("through any sequence of failures a call comes to an end, and a create that may be carried out to a doubt") {
    for (std::uint64_t seed = 1; seed <= 3'000; ++seed) {
        CAPTURE(seed);
        const auto kind = static_cast<call_kind>(seed % 3);
        const history past = simulate_call(kind, seed);
        CHECK(past.end != step::retry);
        if (kind == call_kind::create && past.maybe_carried_out) {
            CHECK((past.end == step::doubt || past.end == step::done));
        } else {
            CHECK(past.end != step::doubt);
        }
    }
}
