#include "baseload/survey/surveyor.hpp"

#include "baseload/journal/journal.hpp"
#include "baseload/source/csv/csv_source.hpp"

#include "baseload/core/text.hpp"
#include "support/error_of.hpp"
#include "support/job.hpp"
#include "support/temporary_folder.hpp"

#include <doctest/doctest.h>

using namespace baseload;

namespace {

const wall_time noon(std::chrono::hours(400'000));

// A source, a job over it and a journal, in a folder of their own.
class fixture {
public:
    explicit fixture(const std::string& csv)
        : source_(folder_.write("a.csv", csv), {.delimiter = ';'}), header_(source_.read()->header()),
          map_(job_, header_, "a.csv"), journal_(open_journal({folder_ / "j"}, {"u", "n", {"Kod"}})) {
        journal_->begin_run("a.csv", noon);
    }

    // As if the row with this text was brought in before, its login being `login`.
    void know(const std::string& key, const std::string& raw, const std::string& login) {
        const record row{.line = 0, .cells = {}, .raw = raw};
        journal_->created(key, {++clients_, record_hash_of(row, map_), {{field_code::login, content_hash_of(login)}}},
                          noon);
    }

    survey look(const shard& part = {}) { return make_survey(source_, map_, *journal_, {}, {.part = part}); }

    journal& j() { return *journal_; }
    const mapper& map() { return map_; }
    const csv_source& source() { return source_; }

private:
    test::temporary_folder folder_;
    settings job_ = test::job_with("login = \"Login\"\nemail = \"Mail\"");
    csv_source source_;
    std::vector<std::string> header_;
    mapper map_;
    std::unique_ptr<journal> journal_;
    std::int64_t clients_ = 0;
};

}  // namespace

TEST_CASE("the first pass finds what each row needs") {
    fixture f("Kod;Login;Mail;Inne\n"
              "K1;a;;x\n"       // unchanged
              "K2;b2;;x\n"      // its login changed
              "K3;c;;y\n"       // only an unmapped column changed
              "K4;d;;x\n"       // new
              "K5;e;wrong;x\n"  // fault
              ";f;;x\n"         // no key
              "K7;g\n"          // ragged
              "K8;h;;x\n"       // in doubt
              "K9;;;x\n");      // nothing to send
    f.know("K1", "K1;a;;x", "a");
    f.know("K2", "K2;b;;x", "b");
    f.know("K3", "K3;c;;x", "c");
    f.j().intend({"K8", 9, "{}"}, noon);
    const survey found = f.look();
    CHECK(found.rows == std::vector<row_need>{row_need::nothing, row_need::update, row_need::refresh_hash,
                                              row_need::create, row_need::reject, row_need::reject, row_need::reject,
                                              row_need::look_up, row_need::reject});
    CHECK(found.conflicts.empty());
    CHECK(found.counts()[static_cast<std::size_t>(row_need::reject)] == 4);
}

TEST_CASE("equal rows with one key merge, differing ones are all in conflict, with their lines") {
    fixture f("Kod;Login;Mail;Inne\n"
              "K1;a;;x\n"
              "K2;b;;x\n"
              "K1;a;;x\n"  // repeats line 2
              "K2;B;;x\n"  // differs from line 3
              "K2;b;;x\n"  // equals line 3, but which of the two is right?
              "K3;;bad;\n"
              "K3;;bad;\n");  // repeats a row with a fault: a fault too
    const survey found = f.look();
    CHECK(found.rows == std::vector<row_need>{row_need::create, row_need::conflict, row_need::repeat,
                                              row_need::conflict, row_need::conflict, row_need::reject,
                                              row_need::reject});
    CHECK(found.repeated == std::set<fingerprint>{key_hash("K1")});
    REQUIRE(found.conflicts.size() == 1);
    CHECK(found.conflicts.at(key_hash("K2")).lines == std::vector<std::uint64_t>{3, 5, 6});
}

TEST_CASE("a repeat of a row that needs nothing needs nothing either") {
    fixture f("Kod;Login;Mail;Inne\nK1;a;;x\nK1;a;;x\nK2;b;;x\nK2;b;;x\n");
    f.know("K1", "K1;a;;x", "a");
    const survey found = f.look();
    CHECK(found.rows == std::vector<row_need>{row_need::nothing, row_need::merged, row_need::create, row_need::repeat});
    CHECK(found.repeated == std::set<fingerprint>{key_hash("K2")});
}

TEST_CASE("a known row that conflicts with another is not taken for unchanged") {
    fixture f("Kod;Login;Mail;Inne\nK1;a;;x\nK1;b;;x\n");
    f.know("K1", "K1;a;;x", "a");
    CHECK(f.look().rows == std::vector<row_need>{row_need::conflict, row_need::conflict});
}

TEST_CASE("shards divide the rows, and know whether they divide the same ones") {
    std::string text = "Kod;Login;Mail;Inne\nK1;a;;x\nk-1;b;;x\n;c;;x\nK2;d;;x;too many\n";
    for (int i = 3; i < 40; ++i) {
        text += "K" + std::to_string(i) + ";l" + std::to_string(i) + ";;x\n";
    }
    fixture f(text);
    survey one = f.look({1, 2});
    survey two = f.look({2, 2});
    CHECK(one.division == two.division);
    CHECK(one.division != f.look({1, 3}).division);
    // Each judges all of it alike, and only then leaves the other's rows.
    CHECK(one.rows == two.rows);
    CHECK(one.is_elsewhere.at(0) == one.is_elsewhere.at(1));  // one key in two forms
    one.leave_other_shards();
    two.leave_other_shards();
    CHECK(one.records() + two.records() == one.rows.size());
    for (std::size_t i = 0; i < one.rows.size(); ++i) {
        CHECK((one.rows[i] == row_need::elsewhere) != (two.rows[i] == row_need::elsewhere));
    }
    fixture other(text + "K41;z;;x\n");
    CHECK(other.look({1, 2}).division != one.division);
}

TEST_CASE("a survey that is to stop stops, with nothing sent") {
    fixture f("Kod;Login;Mail;Inne\nK1;a;;x\n");
    const std::string said = test::error_of(
        [&] { static_cast<void>(make_survey(f.source(), f.map(), f.j(), {}, {.keep_going = [] { return false; }})); });
    CHECK(test::contains(said, "nothing was sent"));
}

TEST_CASE("a new key that is another spelling of one is named, with its lines") {
    fixture f("Kod;Login;Mail;Inne\n"
              "k1;a;;x\n"      // the journal knows K1, which this source does not have
              "Nowy 2;b;;x\n"  // these two are one spelling apart
              "NOWY2;c;;x\n"
              "K3;a;;x\n"     // known, and here
              "K 3;d;;x\n");  // another spelling of it
    f.know("K1", "K1;a;;x", "a");
    f.know("K3", "K3;a;;x", "a");
    const survey found = f.look();
    CHECK(found.rows[0] == row_need::held_back);
    CHECK(found.similar_keys == 2);
    REQUIRE(found.similar.size() == 2);
    CHECK(found.similar[0].line == 6);
    CHECK(found.similar[0].other_line == 5);
    CHECK(found.similar[1].line == 4);
    CHECK(found.similar[1].other_line == 3);
}

TEST_CASE("a new key that is like a known one which no row has is held back, whatever its form") {
    for (const char* form : {"k001", " K001", "K-001", "K1", "\u041a001", "K\u00ad001", "K\u2011001", "K001\u200b"}) {
        CAPTURE(form);
        fixture f("Kod;Login;Mail;Inne\n" + std::string(form) + ";a;;x\nK2;b;;x\n");
        f.know("K001", "K001;a;;x", "a");
        const survey found = f.look();
        if (normalised_key(form) == "K001") {
            CHECK(found.rows[0] != row_need::create);
            continue;
        }
        CHECK(found.rows == std::vector<row_need>{row_need::held_back, row_need::create});
        CHECK(found.held_back.at(2) == "K001");
    }
}

TEST_CASE("a key that is like a known one is no other form of it while that has its own row") {
    fixture f("Kod;Login;Mail;Inne\nK001;a;;x\nK1;b;;x\n");
    f.know("K001", "K001;a;;x", "a");
    CHECK(f.look().rows == std::vector<row_need>{row_need::nothing, row_need::create});
}

TEST_CASE("of a key that most rows share ten lines are named, and the rest counted") {
    std::string csv = "Kod;Login;Mail;Inne\n";
    for (int i = 0; i < 1000; ++i) {
        csv += "PL;" + std::to_string(i) + ";;x\n";
    }
    fixture f(csv);
    const survey found = f.look();
    CHECK(found.conflicts.at(key_hash("PL")).lines.size() == 10);
    CHECK(found.conflicts.at(key_hash("PL")).rows == 1000);
}
