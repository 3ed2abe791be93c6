#include "baseload/api/account_state.hpp"

#include "support/temporary_folder.hpp"

#include "baseload/core/wall_clock.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <memory>
#include <random>

using namespace baseload;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const boot_clock::time_point start{std::chrono::hours(5)};

}  // namespace

TEST_CASE("two programs on one account share its slots") {
    const test::temporary_folder folder;
    account_state one(folder / "a.state", 3, {seconds(60), seconds(0)});
    account_state two(folder / "a.state", 3, {seconds(60), seconds(0)});
    const auto first = one.take(start);
    const auto second = two.take(start);
    const auto third = one.take(start);
    REQUIRE(first.slot);
    REQUIRE(second.slot);
    REQUIRE(third.slot);
    const auto fourth = two.take(start);
    CHECK_FALSE(fourth.slot);
    CHECK(fourth.wait > minutes(1));

    one.answered(*first.slot, start + seconds(1));
    const auto later = two.take(start + seconds(2));
    CHECK_FALSE(later.slot);
    CHECK(later.wait < minutes(1));
    CHECK(two.take(start + seconds(2) + later.wait).slot);
}

TEST_CASE("a program that died leaves its slots to run out") {
    const test::temporary_folder folder;
    {
        account_state died(folder / "a.state", 1, {seconds(30), seconds(0)});
        REQUIRE(died.take(start).slot);
    }
    account_state next(folder / "a.state", 1, {seconds(30), seconds(0)});
    CHECK_FALSE(next.take(start + seconds(89)).slot);
    CHECK(next.take(start + seconds(91)).slot);
}

TEST_CASE("a slot that was not used is free for anyone") {
    const test::temporary_folder folder;
    account_state state(folder / "a.state", 1, {seconds(30), seconds(0)});
    const auto permit = state.take(start);
    REQUIRE(permit.slot);
    state.unused(*permit.slot);
    CHECK(state.take(start).slot);
}

TEST_CASE("a block stops everyone until its end, also after a restart, and only grows") {
    const test::temporary_folder folder;
    {
        account_state state(folder / "a.state", 10, {seconds(30), seconds(0)});
        state.block(minutes(10), start);
        state.block(minutes(1), start);
    }
    account_state next(folder / "a.state", 10, {seconds(30), seconds(0)});
    const auto permit = next.take(start + minutes(9));
    CHECK_FALSE(permit.slot);
    CHECK(permit.blocked);
    CHECK(permit.wait == minutes(1));
    CHECK(next.blocked_until(start) == start + minutes(10));
    CHECK(next.take(start + minutes(10)).slot);
}

TEST_CASE("what another boot left is read off the wall clock once, and believed within reason") {
    const test::temporary_folder folder;
    const auto file = folder / "a.state";
    { account_state made(file, 1, {seconds(30), seconds(0)}); }
    const auto wall = wall_now().time_since_epoch().count();
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE)
        .exec("INSERT INTO slot (boot, free_at, free_at_wall) VALUES ('another', 1, " + std::to_string(wall + 20'000) +
              ");"
              "INSERT INTO block (one, boot, until, until_wall) VALUES (1, 'another', 1, " +
              std::to_string(wall + 5LL * 3'600'000) + ")");
    const auto before = boot_clock::now();
    account_state state(file, 1, {seconds(30), seconds(0)});
    const auto until = state.blocked_until(before);
    CHECK(until >= before + std::chrono::hours(1));  // not five
    CHECK(until <= boot_clock::now() + std::chrono::hours(1) + minutes(1));
    CHECK(state.blocked_until(before + minutes(30)) == until);  // it ages
    const auto permit = state.take(until);
    CHECK(permit.slot);  // the slot's twenty seconds are over by then
}

TEST_CASE("a request that was given up keeps its slot for the settling time and a minute") {
    const test::temporary_folder folder;
    account_state state(folder / "a.state", 1, {seconds(30), seconds(45)});
    const auto permit = state.take(start);
    REQUIRE(permit.slot);
    state.given_up(*permit.slot, start + seconds(30));
    CHECK_FALSE(state.take(start + seconds(30 + 45 + 59)).slot);
    CHECK(state.take(start + seconds(30 + 45 + 61)).slot);
}

TEST_CASE("each new block halves our share of the limit, down to a tenth; a minute without one gives a tenth back") {
    const test::temporary_folder folder;
    account_state state(folder / "a.state", 100, {seconds(30), seconds(0)});
    CHECK(state.take(start).limit == 100);
    state.block(minutes(10), start);
    state.block(minutes(11), start + seconds(1));  // what was under way hears of the same block
    auto end = start + seconds(1) + minutes(11);
    CHECK(state.take(end).limit == 50);
    {
        account_state next_run(folder / "a.state", 100, {seconds(30), seconds(0)});
        CHECK(next_run.take(end + minutes(2) + seconds(30)).limit == 70);
    }
    CHECK(state.take(end + minutes(9)).limit == 100);
    for (int i = 0; i < 6; ++i) {
        state.block(minutes(1), end);
        end += minutes(1);
    }
    CHECK(state.take(end).limit == 10);
}

TEST_CASE("times that cannot be true are believed within reason, whatever boot they claim to be of") {
    const test::temporary_folder folder;
    const auto file = folder / "a.state";
    { account_state made(file, 1, {seconds(30), seconds(0)}); }
    const std::string far = std::to_string((start + std::chrono::hours(555)).time_since_epoch().count());
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE)
        .exec("INSERT INTO slot (boot, free_at, free_at_wall) VALUES ('" + boot_id() + "', " + far + ", 0);" +
              "INSERT INTO block (one, boot, until, until_wall) VALUES (1, '" + boot_id() + "', " + far + ", 0)");
    account_state state(file, 1, {seconds(30), seconds(0)});
    CHECK(state.take(start).wait <= std::chrono::hours(1) + minutes(2));
}

TEST_CASE("the journals that were used with an account are remembered, the last one first") {
    const test::temporary_folder folder;
    {
        account_state state(folder / "a.state", 1, {seconds(30), seconds(0)});
        CHECK(state.journals().empty());
        state.remember({"one", 3, "/a.journal"});
        state.remember({"one", 4, "/b.journal"});
    }
    account_state state(folder / "a.state", 1, {seconds(30), seconds(0)});
    REQUIRE(state.journals().size() == 1);
    CHECK(state.journals().front().sessions == 4);
    CHECK(state.journals().front().path == "/b.journal");
    // What has taken its place stands until a person says otherwise: not until it is used again.
    state.replace("one", "/c.journal");
    state.remember({"one", 5, "/b.journal"});
    CHECK(state.journals().front().replaced_by == "/c.journal");
    state.reinstate("one");
    CHECK(state.journals().front().replaced_by.empty());
    CHECK(state.id().size() == 32);
}

TEST_CASE("whatever two programs are told, nobody gets a permit before the latest block has ended") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        const auto draw = [&](int most) { return std::uniform_int_distribution<>(0, most)(random); };
        const test::temporary_folder folder;
        account_state one(folder / "a.state", 1'000'000, {seconds(60), seconds(0)});
        auto two = std::make_unique<account_state>(folder / "a.state", 1'000'000,
                                                   request_limit::request_times{seconds(60), seconds(0)});
        auto now = start;
        auto blocked_until = start;
        for (int event = 0; event < 60; ++event) {
            now += seconds(draw(90));
            account_state& either = draw(1) == 0 ? one : *two;
            if (draw(4) == 0) {
                const auto wait = seconds(draw(600));
                either.block(wait, now);
                blocked_until = std::max(blocked_until, now + wait);
            } else if (draw(9) == 0) {
                two = std::make_unique<account_state>(folder / "a.state", 1'000'000,
                                                      request_limit::request_times{seconds(60), seconds(0)});
            } else {
                const auto permit = either.take(now);
                CHECK(permit.slot.has_value() == (now >= blocked_until));
                CHECK((permit.slot || now + permit.wait == blocked_until));
            }
        }
    }
}
