#include "baseload/core/shard.hpp"

#include "baseload/core/summary.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace baseload;

TEST_CASE("each key falls to one shard, whatever its form, and all shards get some") {
    std::array<int, 4> keys{};
    for (int i = 0; i < 1000; ++i) {
        const std::string key = "K" + std::to_string(i);
        int shards = 0;
        for (std::uint32_t number = 1; number <= 3; ++number) {
            const bool has = shard{number, 3}.has_key(key);
            CHECK(has == shard{number, 3}.has_key("k-0" + std::to_string(i)));
            shards += has ? 1 : 0;
            keys.at(number) += has ? 1 : 0;
        }
        CHECK(shards == 1);
        CHECK(shard{}.has_key(key));
    }
    for (int number = 1; number <= 3; ++number) {
        CHECK(keys.at(static_cast<std::size_t>(number)) > 200);
    }
    CHECK(shard{2, 3}.text() == "2/3");
}

TEST_CASE("the summaries of shards are one run's") {
    run_summary all;
    all.records = 10;
    all.rows.add(outcome::created, 10);
    all.requests = 11;
    all.started = wall_time(std::chrono::minutes(10));
    all.details.minutes = {{.requests = 11, .paused_seconds = 0}};
    all.details.causes = {{.code = "bad_email", .column = "E", .count = 1, .lines = {"3"}, .example = ""}};
    run_summary other;
    other.shard = "2/2";
    other.records = 7;
    other.rows.add(outcome::created, 4);
    other.rows.add(outcome::not_reached, 3);
    other.requests = 5;
    other.started = wall_time(std::chrono::minutes(11));
    other.details.minutes = {{.requests = 5, .paused_seconds = 20}};
    other.details.causes = {{.code = "bad_email", .column = "E", .count = 2, .lines = {"1", "7"}, .example = ""}};
    other.stopped_because = "SIGTERM asked for it";
    other.code = exit_code::stopped;
    add_shard(all, other);
    CHECK(all.records == all.rows.total());
    CHECK(all.records == 17);
    CHECK(all.requests == 16);
    REQUIRE(all.details.minutes.size() == 2);
    CHECK(all.details.minutes[1].requests == 5);
    REQUIRE(all.details.causes.size() == 1);
    CHECK(all.details.causes[0].count == 3);
    CHECK(all.code == exit_code::stopped);
    CHECK(all.stopped_because == "shard 2/2: SIGTERM asked for it");
}
