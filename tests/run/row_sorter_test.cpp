#include "run/row_sorter.hpp"

#include "baseload/source/csv_source.hpp"
#include "support/job.hpp"
#include "support/stop_of.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

using namespace baseload;

namespace {

class silent_observer : public run_observer {
public:
    void opened(const record_source&, const std::vector<std::string>&) override {}
    void foreseen(const forecast&) override {}
    void rejected(const rejection&) override {}
    void similar(const std::vector<similar_key>&, std::uint64_t) override {}
    void doubtful(const doubtful_create&) override {}
    void advanced(const progress&) override {}
    void missing(const missing_summary&) override {}
    [[nodiscard]] std::chrono::milliseconds progress_interval() const override { return std::chrono::hours(1); }
};

// A source of one new row and its repeat, surveyed, and about to be read again.
class fixture {
    test::temporary_folder folder_;
    settings job_ = test::job_with("login = \"Login\"");
    std::filesystem::path path_ = folder_.write("a.csv", "Kod;Login\nK1;a\nK1;a\n");
    csv_source source_{path_, {.delimiter = ';'}};
    std::vector<std::string> header_ = source_.read()->header();
    mapper map_{job_, header_, "a.csv"};
    std::unique_ptr<journal> journal_ = open_journal(folder_ / "j", {"u", "n", {"Kod"}});
    survey found_ = make_survey(source_, map_, *journal_, {}, [] { return true; });
    boost::asio::io_context io_;
    stop_request wish_{io_.get_executor()};
    silent_observer observer_;
    outcome_book book_{io_.get_executor(), *journal_, found_, wish_, summary, observer_, 1000};
    row_sorter sorter_{job_, source_, map_, found_, *journal_, book_, wish_, {}};

public:
    run_summary summary;

    std::optional<work_item> sort(const std::vector<std::string_view>& cells, row_need need) {
        return sorter_.sort({.line = 2, .cells = cells, .raw = "raw"}, need, summary.replaced_characters);
    }
    void write_to_source() { folder_.write("a.csv", "Kod;Login\nK2;b\nK2;b\nK3;c\n"); }
};

}  // namespace

TEST_CASE("a new row becomes work, and its key is under way from then on") {
    fixture f;
    const auto item = f.sort({"K1", "a"}, row_need::create);
    REQUIRE(item);
    CHECK(item->key == "K1");
    CHECK(item->what.what == action::create);
    CHECK(test::contains(test::stop_of([&] {
                             static_cast<void>(f.sort({"K1", "a"}, row_need::create));
                         }),
                         "was changed while it was read"));
}

TEST_CASE("a repeat waits for the row that it repeats") {
    fixture f;
    REQUIRE(f.sort({"K1", "a"}, row_need::create));
    CHECK_FALSE(f.sort({"K1", "a"}, row_need::repeat));
    CHECK(f.summary.rows.total() == 0);
}

TEST_CASE("a row that is not what the first pass saw is refused, not read past its end") {
    fixture f;
    for (const row_need need : {row_need::repeat, row_need::conflict}) {
        CHECK(test::contains(test::stop_of([&] { static_cast<void>(f.sort({}, need)); }), "was changed"));
    }
    CHECK(test::contains(test::stop_of([&] {
                             static_cast<void>(f.sort({"K1", "a"}, row_need::conflict));
                         }),
                         "was changed"));
    CHECK(f.summary.rows.total() == 0);
}

TEST_CASE("a source that somebody wrote to gives no more work") {
    fixture f;
    f.write_to_source();
    CHECK(test::contains(test::stop_of([&] {
                             static_cast<void>(f.sort({"K2", "b"}, row_need::create));
                         }),
                         "was changed"));
}
