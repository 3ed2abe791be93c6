#include "baseload/report/summary_report.hpp"

#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <iterator>

using namespace baseload;

namespace {

run_summary example() {
    run_summary s;
    s.run = 3;
    s.source = "a.csv";
    s.account = "shop";
    s.finished = s.started + std::chrono::seconds(75);
    s.records = 1234;
    s.rows.add(outcome::created, 1000);
    s.rows.add(outcome::updated, 20);
    s.rows.add(outcome::unchanged, 200);
    s.rows.add(outcome::rejected, 10);
    s.rows.add(outcome::in_doubt, 3);
    s.rows.add(outcome::not_reached, 1);
    s.merged = 2;
    s.requests = 1023;
    s.fields_sent = 25;
    s.job = "shop.toml";
    s.found = 4;
    s.not_found = 1;
    s.left_alone = 1;
    s.doubts = {{.key = "K 1", .line = 7, .why = "two match", .candidates = {11, 12}},
                {.key = "-2", .line = 0, .why = "nothing to search by", .candidates = {}}};
    s.doubtful_elsewhere = 1;
    s.missing = {.count = 3,
                 .keys = {"M1"},
                 .action = "delete",
                 .done = 2,
                 .failed = 1,
                 .refused = false,
                 .note = "why",
                 .kept_status = 0,
                 .kept_status_keys = {}};
    s.stopped_because = "SIGINT asked for it";
    s.code = exit_code::stopped;
    return s;
}

}  // namespace

TEST_CASE("the table shows every outcome, and what a person must know") {
    CHECK(summary_text(example()) ==
          "a.csv -> account \"shop\", run 3, 1 min 15 s\n"
          "  rows read           1,234\n"
          "    created           1,000\n"
          "    updated              20  (25 fields)\n"
          "    unchanged           200  (2 of them repeat another row and 1 of them has a client that was deleted in "
          "the panel)\n"
          "    rejected             10\n"
          "    in doubt              3\n"
          "    not reached           1\n"
          "  requests            1,023\n"
          "  4 creates without an answer found in the account, and linked\n"
          "  1 create without an answer had not been carried out\n"
          "  3 keys of the last full run missing, 2 deleted: why\n"
          "  in doubt: the create of \"K 1\": two match. If you know which client it became, or that there is none:\n"
          "    baseload resolve shop.toml 'K 1' --id 11\n"
          "    baseload resolve shop.toml 'K 1' --id 12\n"
          "    baseload resolve shop.toml 'K 1' --create\n"
          "  in doubt: the create of \"-2\": nothing to search by. If you know which client it became, or that there "
          "is none:\n"
          "    baseload resolve shop.toml --id N -- -2\n"
          "    baseload resolve shop.toml --create -- -2\n"
          "  2 more in doubt; baseload export lists them\n"
          "  of those in doubt, 1 is of a key that this source does not have\n"
          "  ended early: SIGINT asked for it\n");
}

TEST_CASE("what the next run settles asks nobody for a decision") {
    run_summary s = example();
    s.doubts = {{.key = "K1", .line = 2, .why = "the run ended", .candidates = {}, .is_left = true},
                {.key = "K2", .line = 3, .why = "the run ended", .candidates = {}, .is_left = true}};
    const std::string text = summary_text(s);
    CHECK(text.find(
              "  in doubt: the creates of \"K1\" and \"K2\"; the next run looks them up, and nobody has to decide\n") !=
          std::string::npos);
    CHECK(text.find("baseload resolve") == std::string::npos);
    CHECK(summary_json(s).find("baseload resolve") == std::string::npos);
}

TEST_CASE("the JSON has the same numbers, and they add up") {
    CHECK(
        summary_json(example()) ==
        R"({"format":1,"run":3,"job":"shop.toml","source":"a.csv","account":"shop","shard":null,"started":"1970-01-01T00:00:00Z","finished":"1970-01-01T00:01:15Z","partial":false,)"
        R"("records":1234,"created":1000,"updated":20,"unchanged":200,"rejected":10,"in_doubt":3,"not_reached":1,"skipped":0,"outcomes":{"created":1000,"updated":20,"unchanged":200,"rejected":10,"in_doubt":3,"not_reached":1,"skipped":0},)"
        R"("left_to_go":0,"merged":2,"requests":1023,"fields_sent":25,"replaced_characters":0,"warnings":0,"same_customers":0,"paused_ms":0,"lowest_limit":null,"left_alone":1,"found":4,"not_found":1,)"
        R"("doubts":[{"key":"K 1","kind":"create","line":7,"file":null,"why":"two match","candidates":[11,12],"commands":["baseload resolve shop.toml 'K 1' --id 11","baseload resolve shop.toml 'K 1' --id 12","baseload resolve shop.toml 'K 1' --create"]},)"
        R"({"key":"-2","kind":"create","line":null,"file":null,"why":"nothing to search by","candidates":[],"commands":["baseload resolve shop.toml --id N -- -2","baseload resolve shop.toml --create -- -2"]}],)"
        R"("doubtful_elsewhere":1,"missing":{"action":"delete","count":3,"keys":["M1"],"done":2,"failed":1,"refused":false,"kept_status":0,"kept_status_keys":[],"note":"why"},)"
        R"("stopped_because":"SIGINT asked for it","undone":false,"exit_code":3})");
    CHECK(example().rows.total() == example().records);
}

TEST_CASE("a summary file is written whole, or the fault is said") {
    const test::temporary_folder folder;
    { run_file begun(folder / "s.json", "the summary", "--summary"); }
    CHECK_FALSE(std::filesystem::exists(folder / "s.json.part"));
    CHECK_FALSE(std::filesystem::exists(folder / "s.json"));
    run_file(folder / "s.json", "the summary", "--summary").write(summary_json(example()) + "\n");
    std::ifstream in(folder / "s.json");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    CHECK(text == summary_json(example()) + "\n");
    CHECK_FALSE(std::filesystem::exists(folder / "s.json.part"));
    CHECK(test::contains(test::error_of([&] { run_file file(folder / "no/such.json", "the summary", "--summary"); }),
                         "cannot be written"));
}
