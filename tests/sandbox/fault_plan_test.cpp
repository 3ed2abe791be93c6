#include "sandbox/fault_plan.hpp"

#include "support/error_of.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace baseload;
using baseload::sandbox::fault_plan;
using baseload::sandbox::mishap;

TEST_CASE("mishaps come in their shares, the same for the same seed") {
    fault_plan plan("drop-after=0.25,500=0.5", 7);
    fault_plan twin("drop-after=0.25,500=0.5", 7);
    std::map<mishap, int> drawn;
    for (int i = 0; i < 10'000; ++i) {
        const mishap m = plan.draw();
        ++drawn[m];
        CHECK(twin.draw() == m);
    }
    CHECK(drawn.size() == 3);
    CHECK(drawn[mishap::drop_after] == doctest::Approx(2'500).epsilon(0.1));
    CHECK(drawn[mishap::error_500] == doctest::Approx(5'000).epsilon(0.1));
}

TEST_CASE("without shares nothing goes wrong") {
    fault_plan plan("", 1);
    for (int i = 0; i < 100; ++i) {
        CHECK(plan.draw() == mishap::none);
    }
}

TEST_CASE("shares that make no sense are refused") {
    for (const char* wrong : {"drop=0.1", "stall", "stall=", "stall=2", "stall=-1", "stall=x", "stall=0.6,html=0.6"}) {
        CAPTURE(wrong);
        CHECK(test::contains(test::error_of([&] { fault_plan plan(wrong, 1); }), "--faults"));
    }
}
