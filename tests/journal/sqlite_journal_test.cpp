#include "baseload/journal/journal.hpp"

#include "support/stop_of.hpp"
#include "support/temporary_folder.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <unistd.h>

#include <map>

using namespace baseload;
using baseload::test::contains;
using baseload::test::stop_of;

namespace {

const journal_owner shop{"https://api.example/connector.php", "shop", {"Kod"}};
const wall_time noon(std::chrono::hours(400'000));

known_client client(std::int64_t id, const std::string& record, const std::string& email) {
    return {id, fingerprint_of(record), {{field_code::email, fingerprint_of(email)}}};
}

exit_code code_of_stop(const std::filesystem::path& path, const journal_owner& owner) {
    try {
        static_cast<void>(open_journal(path, owner));
    } catch (const stop& thrown) {
        return thrown.code();
    }
    return exit_code::success;
}

}  // namespace

TEST_CASE("a created client is found again after the journal was closed") {
    const test::temporary_folder folder;
    {
        const auto j = open_journal(folder / "j", shop);
        j->begin_run("a.csv", noon);
        j->intend({"K1", 2, "{}"}, noon);
        j->commit();
        CHECK(j->find("K1")->in_doubt);
        j->created("K1", client(42, "row", "a@b.pl"), noon);
        j->commit();
    }
    const auto j = open_journal(folder / "j", shop);
    const auto e = j->find("K1");
    REQUIRE(e);
    CHECK_FALSE(e->in_doubt);
    REQUIRE(e->client);
    CHECK(e->client->crm_client_id == 42);
    CHECK(e->client->record == fingerprint_of("row"));
    CHECK(e->client->sent.at(field_code::email) == fingerprint_of("a@b.pl"));
    CHECK_FALSE(j->find("K2"));
    CHECK(j->client_count() == 1);
}

TEST_CASE("an update keeps what was sent before for the other fields") {
    const test::temporary_folder folder;
    const auto j = open_journal(folder / "j", shop);
    j->begin_run("a.csv", noon);
    j->created("K1", client(42, "row", "a@b.pl"), noon);
    j->updated("K1",
               {42,
                fingerprint_of("row 2"),
                {{field_code::phone, fingerprint_of("1")}, {extra_field(7), fingerprint_of("x")}}},
               noon);
    j->commit();
    const auto e = j->find("K1");
    CHECK(e->client->record == fingerprint_of("row 2"));
    CHECK(e->client->sent.size() == 3);
    CHECK(e->client->sent.at(field_code::email) == fingerprint_of("a@b.pl"));
    CHECK(e->client->sent.at(extra_field(7)) == fingerprint_of("x"));
    j->updated("K1", client(42, "row 3", "new@b.pl"), noon);
    CHECK(j->find("K1")->client->sent.at(field_code::email) == fingerprint_of("new@b.pl"));
    j->noted("K1", fingerprint_of("row 4"));
    CHECK(j->find("K1")->client->record == fingerprint_of("row 4"));
}

TEST_CASE("what is not committed is gone after a crash") {
    const test::temporary_folder folder;
    {
        const auto j = open_journal(folder / "j", shop);
        j->begin_run("a.csv", noon);
        j->intend({"K1", 2, "{}"}, noon);
    }
    CHECK_FALSE(open_journal(folder / "j", shop)->find("K1"));
}

TEST_CASE("an intent without an answer stays in doubt, and is named") {
    const test::temporary_folder folder;
    {
        const auto j = open_journal(folder / "j", shop);
        j->begin_run("a.csv", noon);
        j->intend({"K1", 2, "{}"}, noon);
        j->intend({"K2", 3, "{}"}, noon);
        j->commit();
        j->withdraw("K2");
        j->commit();
    }
    const auto j = open_journal(folder / "j", shop);
    CHECK(j->doubtful_keys() == std::vector<std::string>{"K1"});
    CHECK(j->find("K1")->in_doubt);
    CHECK_FALSE(j->find("K2"));
}

TEST_CASE("a refusal ends the intent, and is forgotten once the client is created") {
    const test::temporary_folder folder;
    const auto j = open_journal(folder / "j", shop);
    j->begin_run("a.csv", noon);
    j->intend({"K1", 2, "{}"}, noon);
    j->refused("K1", {fingerprint_of("row"), "ERROR_X", "no"}, noon);
    j->commit();
    auto e = j->find("K1");
    CHECK_FALSE(e->in_doubt);
    REQUIRE(e->refused);
    CHECK(e->refused->record == fingerprint_of("row"));
    CHECK(e->refused->message == "no");
    j->refused("K1", {fingerprint_of("row 2"), "ERROR_Y", "still no"}, noon);
    CHECK(j->find("K1")->refused->code == "ERROR_Y");
    j->created("K1", client(1, "row 3", "a@b.pl"), noon);
    e = j->find("K1");
    CHECK_FALSE(e->refused);
    CHECK(e->client);
}

TEST_CASE("every key is visited with its hash and its client's record, which comes last") {
    const test::temporary_folder folder;
    const auto j = open_journal(folder / "j", shop);
    j->begin_run("a.csv", noon);
    j->created("K1", client(1, "one", ""), noon);
    j->created("K2", client(2, "two", ""), noon);
    j->refused("K2", {fingerprint_of("two again"), "ERROR_X", "no"}, noon);
    j->intend({"K3", 3, "{}"}, noon);
    j->refused("K4", {fingerprint_of("four"), "ERROR_X", "no"}, noon);
    std::map<fingerprint, fingerprint> seen;
    j->each_key([&](const fingerprint& key, const fingerprint& record, bool) { seen[key] = record; });
    CHECK(seen == std::map<fingerprint, fingerprint>{{key_hash("K1"), fingerprint_of("one")},
                                                     {key_hash("K2"), fingerprint_of("two")},
                                                     {key_hash("K3"), {}},
                                                     {key_hash("K4"), {}}});
}

TEST_CASE("runs are kept, those that ended and those that did not") {
    const test::temporary_folder folder;
    const auto j = open_journal(folder / "j", shop);
    CHECK_FALSE(j->last_full_records());
    j->begin_run("killed.csv", noon);
    run_summary s;
    s.run = j->begin_run("a.csv", noon);
    s.source = "a.csv";
    s.finished = noon + std::chrono::seconds(5);
    s.records = 7;
    s.rows.add(outcome::created, 4);
    s.rows.add(outcome::rejected, 3);
    s.requests = 4;
    s.code = exit_code::incomplete;
    j->end_run(s);
    const auto runs = j->runs();
    REQUIRE(runs.size() == 2);
    CHECK_FALSE(runs[0].ended);
    CHECK(runs[0].pid > 0);
    CHECK(runs[1].ended);
    CHECK(runs[1].summary.rows.of(outcome::created) == 4);
    CHECK(runs[1].summary.rows.of(outcome::rejected) == 3);
    CHECK(runs[1].summary.account == "shop");
    CHECK(runs[1].summary.code == exit_code::incomplete);
    CHECK(j->last_full_records() == 7);
    s.run = j->begin_run("rejects.csv", noon);
    s.records = 2;
    s.partial = true;
    j->end_run(s);
    CHECK(j->last_full_records() == 7);  // nor is a part of a source
    s.partial = false;
    s.run = j->begin_run("b.csv", noon);
    s.records = 3;
    s.code = exit_code::stopped;
    j->end_run(s);
    CHECK(j->last_full_records() == 7);  // a stopped run is no measure
}

TEST_CASE("the journal serves one run at a time, and names the one that holds it") {
    const test::temporary_folder folder;
    const auto held = open_journal(folder / "j", shop);
    CHECK(code_of_stop(folder / "j", shop) == exit_code::journal_busy);
    std::filesystem::create_symlink(folder / "j", folder / "other-name");
    CHECK(code_of_stop(folder / "other-name", shop) == exit_code::journal_busy);
    const std::string said = stop_of([&] { static_cast<void>(open_journal(folder / "j", shop)); });
    CHECK(contains(said, "process " + std::to_string(::getpid()) + ", started 20"));
    CHECK_NOTHROW(static_cast<void>(open_journal_to_read(folder / "j")->runs()));
}

TEST_CASE("a journal with clients belongs to one account; one without is bound anew") {
    const test::temporary_folder folder;
    { const auto j = open_journal(folder / "j", {"https://typo.example/", "shop", {"Kod"}}); }
    {
        const auto j = open_journal(folder / "j", shop);
        j->begin_run("a.csv", noon);
        j->created("K1", client(42, "row", "a@b.pl"), noon);
        j->commit();
    }
    CHECK(contains(stop_of([&] {
                       static_cast<void>(open_journal(folder / "j", {"http://127.0.0.1/", "shop", {"Kod"}}));
                   }),
                   "would overwrite strangers"));
    CHECK(contains(stop_of([&] {
                       static_cast<void>(open_journal(folder / "j", {shop.url, "other", {"Kod"}}));
                   }),
                   "\"shop\""));
    CHECK_NOTHROW(static_cast<void>(open_journal(folder / "j", shop)));
}

TEST_CASE("a journal has one way to make keys, unless its columns are merely called otherwise") {
    const test::temporary_folder folder;
    {
        const auto j = open_journal(folder / "j", shop);
        j->begin_run("a.csv", noon);
        j->created("K1", client(42, "row", "a@b.pl"), noon);
        j->commit();
    }
    journal_owner other = shop;
    other.key_columns = {"Kod", "Kraj"};
    const std::string said = stop_of([&] { static_cast<void>(open_journal(folder / "j", other)); });
    CHECK(contains(said, "from the columns \"Kod\", and the job takes them from \"Kod\" and \"Kraj\""));
    other.key_columns = {"Code"};
    CHECK_FALSE(stop_of([&] { static_cast<void>(open_journal(folder / "j", other)); }).empty());
    other.same_keys = true;
    CHECK_NOTHROW(static_cast<void>(open_journal(folder / "j", other)));
    other.same_keys = false;
    CHECK_NOTHROW(static_cast<void>(open_journal(folder / "j", other)));
}

TEST_CASE("after a change that failed, nothing is said to be on disk until that is acknowledged") {
    const test::temporary_folder folder;
    const auto j = open_journal(folder / "j", shop);
    j->begin_run("a.csv", noon);
    j->intend({"K1", 1, "{}"}, noon);
    CHECK_FALSE(stop_of([&] { j->intend({"K1", 1, "{}"}, noon); }).empty());
    CHECK_FALSE(stop_of([&] { j->commit(); }).empty());
    CHECK_FALSE(stop_of([&] { j->withdraw("K2"); }).empty());
    j->rollback();
    CHECK_FALSE(j->find("K1"));
    j->intend({"K2", 1, "{}"}, noon);
    j->commit();
    CHECK(j->find("K2")->in_doubt);
}

TEST_CASE("what is no journal, or a newer one, is refused and left as it was") {
    const test::temporary_folder folder;
    folder.write(
        "text",
        "this is no database, but long enough to be taken for one ............................................");
    CHECK(
        contains(stop_of([&] { static_cast<void>(open_journal(folder / "text", shop)); }), "damaged or not a journal"));
    {
        SQLite::Database((folder / "other").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
            .exec("CREATE TABLE t (x)");
    }
    const auto bytes = std::filesystem::file_size(folder / "other");
    CHECK(contains(stop_of([&] { static_cast<void>(open_journal(folder / "other", shop)); }),
                   "not a journal of baseload"));
    CHECK(std::filesystem::file_size(folder / "other") == bytes);
    CHECK(SQLite::Database((folder / "other").string()).execAndGet("PRAGMA journal_mode").getString() == "delete");
    { const auto j = open_journal(folder / "j", shop); }
    { SQLite::Database((folder / "j").string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99"); }
    const std::string newer = stop_of([&] { static_cast<void>(open_journal(folder / "j", shop)); });
    CHECK(contains(newer, "written by a newer baseload (format 99"));
    CHECK(contains(stop_of([&] { static_cast<void>(open_journal_to_read(folder / "j")); }), "newer baseload"));
    CHECK(
        contains(stop_of([&] { static_cast<void>(open_journal_to_read(folder / "absent")); }), "there is no journal"));
    CHECK(contains(stop_of([&] { static_cast<void>(open_journal(folder / "no/such/folder/j", shop)); }), "must exist"));
}

TEST_CASE("entries are exported in the order of their keys, with their states") {
    const test::temporary_folder folder;
    const auto j = open_journal(folder / "j", shop);
    j->begin_run("a.csv", noon);
    j->created("b", client(2, "row", ""), noon);
    j->refused("a", {fingerprint_of("r"), "ERROR_X", "no"}, noon);
    j->intend({"c", 3, "{}"}, noon);
    std::string shown;
    j->each_entry([&](const exported_entry& e) {
        shown += e.key + "=" + e.state + (e.crm_client_id ? std::to_string(*e.crm_client_id) : "") + e.note + ";";
    });
    CHECK(shown == "a=refusedERROR_X: no;b=linked2;c=in doubt;");
}

TEST_CASE("a client that a look-up found counts as created by the run that sent it, and one named by hand by none") {
    const test::temporary_folder folder;
    const auto j = open_journal(folder / "j", shop);
    const std::int64_t first = j->begin_run("a.csv", noon);
    j->intend({"K1", 7, "{}"}, noon);
    j->begin_run("a.csv", noon);
    const auto sent = j->find_intent("K1");
    REQUIRE(sent);
    CHECK(sent->line == 7);
    CHECK(sent->run == first);
    CHECK_FALSE(j->find_intent("K2"));
    j->linked("K1", client(42, "", "a@b.pl"), noon);
    j->linked("K2", client(43, "", "b@b.pl"), noon);
    j->commit();
    CHECK(j->find("K1")->client->crm_client_id == 42);
    CHECK_FALSE(j->find("K1")->in_doubt);
    CHECK(j->key_of_client(42) == "K1");
    CHECK(j->key_of_client(43) == "K2");
    CHECK_FALSE(j->key_of_client(44));
}

TEST_CASE("a deleted client stays known as such until it is sent to again") {
    const test::temporary_folder folder;
    const auto j = open_journal(folder / "j", shop);
    j->begin_run("a.csv", noon);
    j->created("K1", client(42, "row", "a@b.pl"), noon);
    j->deleted("K1", noon);
    CHECK(j->find("K1")->client->deleted);
    fingerprint last = fingerprint_of("row");
    j->each_key([&](const fingerprint&, const fingerprint& record, bool has_client) {
        last = record;
        CHECK((has_client || record == fingerprint{}));
    });
    CHECK(last == fingerprint{});  // its row is looked at, however equal it is
    j->each_entry([](const exported_entry& e) { CHECK(e.state == "deleted"); });
    j->created("K1", client(50, "row", "a@b.pl"), noon);
    CHECK_FALSE(j->find("K1")->client->deleted);
    CHECK(j->find("K1")->client->crm_client_id == 50);
}

TEST_CASE("a journal of the first format is brought up to date by a run, and kept from readers until then") {
    const test::temporary_folder folder;
    {
        const auto j = open_journal(folder / "j", shop);
        j->begin_run("a.csv", noon);
        j->created("K1", client(42, "row", "a@b.pl"), noon);
        j->commit();
    }
    {
        SQLite::Database database((folder / "j").string(), SQLite::OPEN_READWRITE);
        database.exec("DROP INDEX client_by_id; DROP TABLE deleted; DROP TABLE absent; DROP TABLE backup; "
                      "ALTER TABLE run DROP COLUMN undone_at; PRAGMA user_version = 1;");
    }
    CHECK(contains(stop_of([&] { static_cast<void>(open_journal_to_read(folder / "j")); }), "older baseload"));
    CHECK(open_journal(folder / "j", shop)->find("K1")->client->crm_client_id == 42);
    CHECK(open_journal_to_read(folder / "j")->key_of_client(42) == "K1");
}
