#include "run/pacer.hpp"

#include "support/temporary_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>

using namespace baseload;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

// Two programs on one account: a pacer, and the state file as another program sees it.
class fixture {
public:
    std::optional<pacer::turn> take() {
        auto taken = boost::asio::co_spawn(io_, pace.take(), boost::asio::use_future);
        io_.run();
        io_.restart();
        return taken.get();
    }

private:
    test::temporary_folder folder_;
    boost::asio::io_context io_;
    account_state state_{folder_ / "a.state", 10, minutes(1)};

public:
    account_state other_program{folder_ / "a.state", 10, minutes(1)};
    stop_request wish{io_.get_executor()};
    pacer pace{state_, true, seconds(30), wish};
};

}  // namespace

TEST_CASE("a turn is no longer good when another program was told of a block meanwhile") {
    fixture f;
    const auto turn = f.take();
    REQUIRE(turn);
    CHECK(f.pace.still_good(*turn));
    f.other_program.block(minutes(10), boot_clock::now());
    CHECK_FALSE(f.pace.still_good(*turn));
    CHECK(f.pace.is_blocked());
}

TEST_CASE("a turn is no longer good when a stop was requested, or when it is too old") {
    fixture f;
    const auto turn = f.take();
    REQUIRE(turn);
    pacer::turn old = *turn;
    old.send_by = boot_clock::now() - seconds(1);
    CHECK_FALSE(f.pace.still_good(old));
    f.wish.request(exit_code::stopped, "enough");
    CHECK_FALSE(f.pace.still_good(*turn));
    CHECK_FALSE(f.take());
}

TEST_CASE("a turn that was not used leaves its slot to others") {
    fixture f;
    for (int i = 0; i < 30; ++i) {
        const auto turn = f.take();
        REQUIRE(turn);
        f.pace.unused(*turn);
    }
    CHECK(f.other_program.take(boot_clock::now()).slot);
}
