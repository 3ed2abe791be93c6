#include "baseload/core/duration.hpp"

#include <doctest/doctest.h>

using namespace baseload;
using std::chrono::milliseconds;

TEST_CASE("durations are a whole number and one unit") {
    CHECK(parse_duration("500ms") == milliseconds(500));
    CHECK(parse_duration("30s") == milliseconds(30'000));
    CHECK(parse_duration("10m") == milliseconds(600'000));
    CHECK(parse_duration("2h") == milliseconds(7'200'000));
    for (const char* wrong : {"", "30", "s", "1.5s", "-1s", "30 s", "1d", "99999999999h", "5s5"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_duration(wrong));
    }
}

TEST_CASE("durations and times are shown for people") {
    CHECK(show_duration(milliseconds(850)) == "850 ms");
    CHECK(show_duration(milliseconds(12'999)) == "12 s");
    CHECK(show_duration(milliseconds(185'000)) == "3 min 05 s");
    CHECK(show_duration(milliseconds(7'800'000)) == "2 h 10 min");
    CHECK(show_time(std::chrono::sys_time<milliseconds>(milliseconds(1'651'591'534'250))) == "2022-05-03T15:25:34Z");
}
