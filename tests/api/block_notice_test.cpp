#include "baseload/api/block_notice.hpp"

#include "sandbox/block_message.hpp"

#include <doctest/doctest.h>
#include <fmt/chrono.h>

#include <random>

#include <string>

using namespace baseload;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

// 2022-05-03 15:05:34 UTC, which is 17:05:34 in Warsaw.
const std::chrono::sys_time<milliseconds> now(seconds(1'651'590'334));
constexpr const char* date_header = "Tue, 03 May 2022 15:05:34 GMT";
constexpr milliseconds margin = seconds(5);

milliseconds wait_for(const std::string& until, const std::string& date = date_header) {
    return block_wait("Query limit exceeded, token blocked until " + until, date, "", now);
}

}  // namespace

TEST_CASE("a block's end is read in Warsaw time or in UTC, whichever gives a sane wait") {
    CHECK(wait_for("2022-05-03 17:15:34") == minutes(10) + margin);  // Warsaw, in summer
    CHECK(wait_for("2022-05-03 15:15:34") == minutes(10) + margin);  // UTC
    CHECK(wait_for("2022-05-03 17:05:34") == margin);
    CHECK(wait_for("2022-05-03T17:20:34") == minutes(15) + margin);
}

TEST_CASE("winter time is winter time") {
    // 2022-12-03 15:05:34 UTC is 16:05:34 in Warsaw.
    const std::chrono::sys_time<milliseconds> winter(seconds(1'670'079'934));
    CHECK(block_wait("blocked until 2022-12-03 16:15:34", "Sat, 03 Dec 2022 15:05:34 GMT", "", winter) ==
          minutes(10) + margin);
}

TEST_CASE("a time that no zone makes sane, or no time at all, gives eleven minutes") {
    CHECK(wait_for("2022-05-03 20:15:34") == minutes(11));
    CHECK(wait_for("2022-05-03 16:59:00") == minutes(11));
    CHECK(wait_for("soon") == minutes(11));
    CHECK(block_wait("", "", "", now) == minutes(11));
}

TEST_CASE("the server's clock counts, not ours; without its Date ours does") {
    // Our clock is an hour ahead of the server's.
    const auto ahead = now + std::chrono::hours(1);
    CHECK(block_wait("blocked until 2022-05-03 17:15:34", date_header, "", ahead) == minutes(10) + margin);
    CHECK(block_wait("blocked until 2022-05-03 17:15:34", "", "", now) == minutes(10) + margin);
    CHECK(block_wait("blocked until 2022-05-03 17:15:34", "yesterday", "", now) == minutes(10) + margin);
}

TEST_CASE("whenever it comes and in whichever zone it is written, a block is waited out, and not for long") {
    std::mt19937_64 random(1);
    const auto draw = [&](std::int64_t most) { return std::uniform_int_distribution<std::int64_t>(0, most)(random); };
    for (int i = 0; i < 4'000; ++i) {
        // From 2026 on, over both ends of summer time.
        const auto answered = std::chrono::sys_time<std::chrono::milliseconds>(
            std::chrono::seconds(1'767'225'600 + draw(3LL * 365 * 24 * 3600)));
        const auto left = std::chrono::seconds(draw(600));
        const char* zone = draw(1) == 0 ? "Europe/Warsaw" : "UTC";
        const std::string message = sandbox::block_message(answered + left, zone);
        CAPTURE(message);
        CAPTURE(left.count());
        // Our own clock may be anywhere when the server tells its own.
        const auto ours = answered + std::chrono::hours(draw(48) - 24);
        const std::string date =
            fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", fmt::gmtime(std::chrono::system_clock::to_time_t(answered)));
        const auto wait = block_wait(message, date, "", ours);
        CHECK(wait >= left);
        CHECK(wait <= std::chrono::minutes(16));
    }
}

TEST_CASE("without a time in the message Retry-After counts, in seconds or as a date, an hour at most") {
    const char* date = "Tue, 03 May 2022 15:05:34 GMT";
    CHECK(block_wait("too fast", date, "120", now) == minutes(2) + margin);
    CHECK(block_wait("too fast", date, "Tue, 03 May 2022 15:08:34 GMT", now) == minutes(3) + margin);
    CHECK(block_wait("too fast", date, "999999999", now) == minutes(60) + margin);
    CHECK(block_wait("too fast", date, "soon", now) == minutes(11));
    CHECK(block_wait("blocked until 2022-05-03 17:15:34", date, "1", now) == minutes(10) + margin);
}
