#include "baseload/api/account_state.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace baseload;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr request_limit::request_times times{seconds(30), seconds(5)};

// Of its own in the database that the environment names (tests/support/postgres.py).
account_database new_account() {
    static int made = 0;
    return {.url = "postgresql:///postgres", .account = "account " + std::to_string(++made)};
}

}  // namespace

TEST_CASE("programs of several hosts share an account's slots, by the database's clock") {
    const account_database where = new_account();
    // Each host has a boot clock of its own, which began at another time.
    const auto on_one = boot_clock::now();
    account_state one(where, {}, 2, times);
    account_state two(where, {}, 2, times);
    const auto first = one.take(on_one);
    REQUIRE(first.slot);
    REQUIRE(two.take(boot_clock::now()).slot);
    const auto refused = two.take(boot_clock::now());
    CHECK_FALSE(refused.slot);
    // Of a program that died: for as long as a request can last, the settling time and a minute.
    CHECK(refused.wait > seconds(85));
    CHECK(refused.wait <= seconds(96));
    one.answered(*first.slot, boot_clock::now());
    const auto answered = two.take(boot_clock::now());
    CHECK_FALSE(answered.slot);
    CHECK(answered.wait > seconds(55));
    CHECK(answered.wait <= seconds(61));
    CHECK(one.in_use(boot_clock::now()).taken == 2);
    CHECK(one.id() == two.id());
    CHECK(account_state(new_account(), {}, 2, times).in_use(boot_clock::now()).taken == 0);
}

TEST_CASE("a block of which one host was told holds for all, and halves what is taken") {
    const account_database where = new_account();
    account_state one(where, {}, 100, times);
    account_state two(where, {}, 100, times);
    one.block(minutes(10), boot_clock::now());
    const auto now = boot_clock::now();
    const auto refused = two.take(now);
    CHECK(refused.blocked);
    CHECK(refused.wait > minutes(9));
    CHECK(two.blocked_until(now) > now + minutes(9));
    CHECK(two.in_use(now).limit == 50);
}

TEST_CASE("the journals of an account are known to all hosts") {
    const account_database where = new_account();
    account_state(where, {}, 100, times).remember({.id = "j", .sessions = 3, .path = "postgresql:///postgres#shop"});
    account_state other(where, {}, 100, times);
    REQUIRE(other.journals().size() == 1);
    CHECK(other.journals().front().sessions == 3);
    other.replace("j", "elsewhere");
    CHECK(account_state(where, {}, 100, times).journals().front().replaced_by == "elsewhere");
}
