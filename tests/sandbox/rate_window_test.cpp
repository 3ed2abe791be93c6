#include "sandbox/rate_window.hpp"

#include <doctest/doctest.h>

using namespace baseload::sandbox;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const rate_window::time start(std::chrono::hours(400'000));

}  // namespace

TEST_CASE("arrivals are counted over a sliding minute") {
    rate_window window(3, minutes(10));
    CHECK(window.arrive(start));
    CHECK(window.arrive(start + seconds(30)));
    CHECK(window.arrive(start + seconds(59)));
    CHECK(window.arrive(start + seconds(60)));  // the first is a minute old
    CHECK_FALSE(window.arrive(start + seconds(61)));
    CHECK(window.blocked_until() == start + seconds(61) + minutes(10));
}

TEST_CASE("a request during a block begins it anew") {
    rate_window window(1, minutes(10));
    CHECK(window.arrive(start));
    CHECK_FALSE(window.arrive(start));
    CHECK_FALSE(window.arrive(start + minutes(9)));
    CHECK_FALSE(window.arrive(start + minutes(11)));
    CHECK(window.blocked_until() == start + minutes(21));
    CHECK(window.arrive(start + minutes(21)));
}

TEST_CASE("after a block the count begins anew, however short the block was") {
    rate_window window(2, seconds(5));
    CHECK(window.arrive(start));
    CHECK(window.arrive(start));
    CHECK_FALSE(window.arrive(start));
    CHECK(window.arrive(start + seconds(5)));
    CHECK(window.arrive(start + seconds(6)));
    CHECK_FALSE(window.arrive(start + seconds(7)));
}

TEST_CASE("a limit of 0 is none, and a restart remembers") {
    rate_window none(0, minutes(10));
    for (int i = 0; i < 1000; ++i) {
        CHECK(none.arrive(start));
    }
    rate_window restarted(2, minutes(10));
    restarted.restore(start);
    restarted.restore(start + seconds(1));
    CHECK_FALSE(restarted.arrive(start + seconds(2)));
    rate_window blocked(2, minutes(10));
    blocked.restore_block(start + minutes(5));
    CHECK_FALSE(blocked.arrive(start));
}
