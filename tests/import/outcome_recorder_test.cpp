#include "import/outcome_recorder.hpp"

#include "baseload/core/command_error.hpp"
#include "support/import_fixture.hpp"

#include <doctest/doctest.h>

using namespace baseload;
using test::import_fixture;

namespace {

const verdict refusal_by_service{verdict_kind::refused, {}, "ERROR_X", "no"};

}  // namespace

TEST_CASE("a row counts as created only once its answer is on disk") {
    import_fixture f("K1;;\n");
    const auto item = f.work_of(0);
    f.recorder.created(item.value(), 7);
    CHECK(f.rows().total() == 0);
    f.make_durable();
    CHECK(f.rows().of(outcome::created) == 1);
    CHECK(f.memory().find("K1")->client->crm_client_id == 7);
}

TEST_CASE("an intent is awaited until it is on disk") {
    import_fixture f("K1;;\n");
    const auto item = f.work_of(0);
    bool durable = false;
    const auto intend = [&]() -> boost::asio::awaitable<void> {
        co_await f.recorder.intend(*item, "{}");
        durable = true;
    };
    f.clock.spawn(intend());
    f.clock.settle();
    CHECK_FALSE(durable);
    f.make_durable();
    CHECK(durable);
    CHECK(f.memory().find_intent("K1")->parameters == "{}");
}

TEST_CASE("a repeat gets the outcome of the row that it repeats, before it and after it") {
    import_fixture f("K1;a@b.pl;\nK1;a@b.pl;\nK1;a@b.pl;\n");
    SUBCASE("created: the repeats are merged") {
        const auto item = f.work_of(0);
        static_cast<void>(f.work_of(1));
        f.recorder.created(item.value(), 7);
        f.make_durable();
        static_cast<void>(f.work_of(2));
        CHECK(f.rows().of(outcome::created) == 1);
        CHECK(f.rows().of(outcome::unchanged) == 2);
        CHECK(f.summary.so_far().merged == 2);
    }
    SUBCASE("refused: each is rejected, and told") {
        auto item = f.work_of(0);
        static_cast<void>(f.work_of(1));
        f.recorder.refused(std::move(*item), {}, refusal_by_service);
        f.make_durable();
        static_cast<void>(f.work_of(2));
        CHECK(f.rows().of(outcome::rejected) == 3);
        REQUIRE(f.observer.rejections.size() == 3);
        CHECK(f.observer.rejections[2].faults[0].code == fault_code::repeat);
        CHECK(f.observer.rejections[2].line == 4);
    }
    SUBCASE("not reached: nor are they") {
        static_cast<void>(f.work_of(0));
        static_cast<void>(f.work_of(1));
        f.recorder.not_reached("K1");
        CHECK(f.rows().of(outcome::not_reached) == 2);
    }
}

TEST_CASE("more rejections than allowed stop the run, and so does an observer that cannot write") {
    import_fixture f("K1;;\nK2;;\n", 1);
    f.recorder.rejected("K1", {2, {"K1"}, {}});
    CHECK_FALSE(f.stop.requested());
    f.observer.on_rejection = [] { throw command_error(exit_code::stopped, "the rejects file is full"); };
    f.recorder.rejected("K2", {3, {"K2"}, {}});
    CHECK(f.stop.reason() == "the rejects file is full");  // the first reason counts
    CHECK(f.rows().of(outcome::rejected) == 2);
}

TEST_CASE("after the journal has failed, only an intent on disk leaves its row in doubt") {
    import_fixture f("K1;;\nK2;;\nK3;;\n");
    const auto on_disk = f.work_of(0);
    const auto not_committed = f.work_of(1);
    static_cast<void>(f.work_of(2));
    f.clock.spawn(f.recorder.intend(*on_disk, "{}"));
    f.clock.settle();
    f.make_durable();
    f.clock.spawn(f.recorder.intend(*not_committed, "{}"));
    f.clock.settle();
    f.recorder.settle_unanswered();
    CHECK(f.rows().of(outcome::in_doubt) == 1);
    CHECK(f.rows().of(outcome::not_reached) == 2);
    REQUIRE(f.summary.so_far().doubts.size() == 1);
    CHECK(f.summary.so_far().doubts[0].key == "K1");
    CHECK(f.summary.so_far().doubts[0].line == 2);
}

TEST_CASE("a doubt of another source is named, and is no row's outcome") {
    import_fixture f("K1;;\n");
    f.recorder.doubtful({.key = "K9", .line = 0, .why = "several", .candidates = {1, 2}});
    CHECK(f.rows().total() == 0);
    CHECK(f.summary.so_far().keys_in_doubt == 0);
    CHECK(f.observer.doubts.size() == 1);
}
