#include "baseload/session/pacer.hpp"

#include "support/session_fixture.hpp"

#include <doctest/doctest.h>

using namespace baseload;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

// Two programs on one account: a pacer, and the state file as another program sees it.
class fixture : public test::session_fixture {
public:
    fixture() : session_fixture(10) {}

    account_state other_program{folder() / "account.state", 10, {minutes(1), seconds(30)}};

    std::optional<pacer::permit> take() { return clock.run(pace.take()); }
};

}  // namespace

TEST_CASE("a permit is no longer good when another program was told of a block meanwhile") {
    fixture f;
    const auto permit = f.take();
    REQUIRE(permit);
    CHECK(f.pace.still_good(*permit));
    f.other_program.block(minutes(10), f.clock.now());
    CHECK_FALSE(f.pace.still_good(*permit));
    CHECK(f.pace.is_blocked());
}

TEST_CASE("a permit is no longer good when a stop was requested, or when it is too old") {
    fixture f;
    const auto permit = f.take();
    REQUIRE(permit);
    pacer::permit old = *permit;
    old.send_by = f.clock.now() - seconds(1);
    CHECK_FALSE(f.pace.still_good(old));
    f.stop.request(exit_code::stopped, "enough");
    CHECK_FALSE(f.pace.still_good(*permit));
    CHECK_FALSE(f.take());
}

TEST_CASE("a permit that was not used leaves its slot to others") {
    fixture f;
    for (int i = 0; i < 30; ++i) {
        const auto permit = f.take();
        REQUIRE(permit);
        f.pace.unused(*permit);
    }
    CHECK(f.other_program.take(f.clock.now()).slot);
}
