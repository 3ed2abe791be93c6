#include "import/row_planner.hpp"

#include "support/error_of.hpp"
#include "support/import_fixture.hpp"

#include <doctest/doctest.h>

using namespace baseload;

namespace {

// A source of one new row and its repeat, surveyed, and about to be read again.
class fixture : public test::import_fixture {
public:
    fixture() : import_fixture("K1;a@b.pl;\nK1;a@b.pl;\n") {}

    std::optional<work_item> plan(const std::vector<std::string_view>& cells, row_need need) {
        return planner.plan({.line = 2, .cells = cells, .raw = "raw"}, need);
    }
    void write_to_source() { folder().write("a.csv", "Kod;Mail;Uwagi\nK2;b@b.pl;\nK2;b@b.pl;\nK3;c@b.pl;\n"); }
};

}  // namespace

TEST_CASE("a new row becomes work, and its key is under way from then on") {
    fixture f;
    const auto item = f.plan({"K1", "a@b.pl", ""}, row_need::create);
    REQUIRE(item);
    CHECK(item->key == "K1");
    CHECK(item->plan.action == plan_action::create);
    CHECK(test::contains(test::error_of([&] {
                             static_cast<void>(f.plan({"K1", "a@b.pl", ""}, row_need::create));
                         }),
                         "was changed while it was read"));
}

TEST_CASE("a repeat waits for the row that it repeats") {
    fixture f;
    REQUIRE(f.plan({"K1", "a@b.pl", ""}, row_need::create));
    CHECK_FALSE(f.plan({"K1", "a@b.pl", ""}, row_need::repeat));
    CHECK(f.rows().total() == 0);
}

TEST_CASE("a row that is not what the first pass saw is refused, not read past its end") {
    fixture f;
    for (const row_need need : {row_need::repeat, row_need::conflict}) {
        CHECK(test::contains(test::error_of([&] { static_cast<void>(f.plan({}, need)); }), "was changed"));
    }
    CHECK(test::contains(test::error_of([&] {
                             static_cast<void>(f.plan({"K1", "a@b.pl", ""}, row_need::conflict));
                         }),
                         "was changed"));
    CHECK(f.rows().total() == 0);
}

TEST_CASE("a source that somebody wrote to gives no more work") {
    fixture f;
    f.write_to_source();
    CHECK(test::contains(test::error_of([&] {
                             static_cast<void>(f.plan({"K2", "b@b.pl", ""}, row_need::create));
                         }),
                         "was changed"));
}
