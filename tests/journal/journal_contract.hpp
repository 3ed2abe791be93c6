#pragma once

#include "baseload/core/command_error.hpp"
#include "baseload/journal/journal.hpp"
#include "support/error_of.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

// What every engine of the journal must hold. An engine gives a class `Engine`, made once a case, with
//     std::unique_ptr<journal> open(const journal_owner&);   // the same journal each time
//     std::unique_ptr<journal> open_to_read();
// and runs all cases with JOURNAL_CONTRACT(Engine).

using namespace baseload;
using baseload::test::contains;
using baseload::test::error_of;

namespace journal_contract {

const journal_owner shop{"https://api.example/connector.php", "shop", {"Kod"}};
const wall_time noon(std::chrono::hours(400'000));

inline known_client client(std::int64_t id, const std::string& record, const std::string& email) {
    return {id, content_hash_of(record), {{field_code::email, content_hash_of(email)}}};
}

TEST_CASE_TEMPLATE_DEFINE("a created client is found again after the journal was closed", Engine,
                          a_created_client_is_found_again_after) {
    Engine engine;
    {
        const auto j = engine.open(shop);
        j->begin_run("a.csv", noon);
        j->intend({"K1", 2, "{}"}, noon);
        j->commit();
        CHECK(j->find("K1")->in_doubt);
        j->created("K1", client(42, "row", "a@b.pl"), noon);
        j->commit();
    }
    const auto j = engine.open(shop);
    const auto e = j->find("K1");
    REQUIRE(e);
    CHECK_FALSE(e->in_doubt);
    REQUIRE(e->client);
    CHECK(e->client->crm_client_id == 42);
    CHECK(e->client->record_hash == content_hash_of("row"));
    CHECK(e->client->sent.at(field_code::email) == content_hash_of("a@b.pl"));
    CHECK_FALSE(j->find("K2"));
    CHECK(j->client_count() >= 1);
}

TEST_CASE_TEMPLATE_DEFINE("an update keeps what was sent before for the other fields", Engine,
                          an_update_keeps_what_was_sent_before) {
    Engine engine;
    const auto j = engine.open(shop);
    j->begin_run("a.csv", noon);
    j->created("K1", client(42, "row", "a@b.pl"), noon);
    j->updated("K1",
               {42,
                content_hash_of("row 2"),
                {{field_code::phone, content_hash_of("1")}, {extra_field(7), content_hash_of("x")}}},
               noon);
    j->commit();
    const auto e = j->find("K1");
    CHECK(e->client->record_hash == content_hash_of("row 2"));
    CHECK(e->client->sent.size() == 3);
    CHECK(e->client->sent.at(field_code::email) == content_hash_of("a@b.pl"));
    CHECK(e->client->sent.at(extra_field(7)) == content_hash_of("x"));
    j->updated("K1", client(42, "row 3", "new@b.pl"), noon);
    CHECK(j->find("K1")->client->sent.at(field_code::email) == content_hash_of("new@b.pl"));
    j->refresh_hash("K1", content_hash_of("row 4"));
    CHECK(j->find("K1")->client->record_hash == content_hash_of("row 4"));
}

TEST_CASE_TEMPLATE_DEFINE("what is not committed is gone after a crash", Engine, what_is_not_committed_is_gone_after) {
    Engine engine;
    {
        const auto j = engine.open(shop);
        j->begin_run("a.csv", noon);
        j->intend({"K1", 2, "{}"}, noon);
    }
    CHECK_FALSE(engine.open(shop)->find("K1"));
}

TEST_CASE_TEMPLATE_DEFINE("an intent without an answer stays in doubt, and is named", Engine,
                          an_intent_without_an_answer_stays_in) {
    Engine engine;
    {
        const auto j = engine.open(shop);
        j->begin_run("a.csv", noon);
        j->intend({"K1", 2, "{}"}, noon);
        j->intend({"K2", 3, "{}"}, noon);
        j->commit();
        j->withdraw("K2");
        j->commit();
    }
    const auto j = engine.open(shop);
    CHECK(j->doubtful_keys() == std::vector<std::string>{"K1"});
    CHECK(j->find("K1")->in_doubt);
    CHECK_FALSE(j->find("K2"));
}

TEST_CASE_TEMPLATE_DEFINE("a refusal ends the intent, and is forgotten once the client is created", Engine,
                          a_refusal_ends_the_intent_and_is) {
    Engine engine;
    const auto j = engine.open(shop);
    j->begin_run("a.csv", noon);
    j->intend({"K1", 2, "{}"}, noon);
    j->refused("K1", {content_hash_of("row"), "ERROR_X", "no"}, noon);
    j->commit();
    auto e = j->find("K1");
    CHECK_FALSE(e->in_doubt);
    REQUIRE(e->refused);
    CHECK(e->refused->record_hash == content_hash_of("row"));
    CHECK(e->refused->message == "no");
    j->refused("K1", {content_hash_of("row 2"), "ERROR_Y", "still no"}, noon);
    CHECK(j->find("K1")->refused->code == "ERROR_Y");
    j->created("K1", client(1, "row 3", "a@b.pl"), noon);
    e = j->find("K1");
    CHECK_FALSE(e->refused);
    CHECK(e->client);
}

TEST_CASE_TEMPLATE_DEFINE("every key is visited with its hash and its client's record", Engine,
                          every_key_is_visited_with_its_hash) {
    Engine engine;
    const auto j = engine.open(shop);
    j->begin_run("a.csv", noon);
    j->created("K1", client(1, "one", ""), noon);
    j->created("K2", client(2, "two", ""), noon);
    j->refused("K2", {content_hash_of("two again"), "ERROR_X", "no"}, noon);
    j->intend({"K3", 3, "{}"}, noon);
    j->refused("K4", {content_hash_of("four"), "ERROR_X", "no"}, noon);
    std::map<fingerprint, content_hash> seen;
    j->each_key([&](const known_key& known) {
        CHECK_FALSE(seen.contains(known.key));  // each comes once
        seen[known.key] = known.record_hash;
    });
    CHECK(seen == std::map<fingerprint, content_hash>{{key_hash("K1"), content_hash_of("one")},
                                                      {key_hash("K2"), content_hash_of("two")},
                                                      {key_hash("K3"), {}},
                                                      {key_hash("K4"), {}}});
}

TEST_CASE_TEMPLATE_DEFINE("runs are kept, those that ended and those that did not", Engine,
                          runs_are_kept_those_that_ended_and) {
    Engine engine;
    const auto j = engine.open(shop);
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

TEST_CASE_TEMPLATE_DEFINE("a run is kept with all that its summary says, and for a while with its report's details",
                          Engine, a_run_is_kept_whole) {
    Engine engine;
    const auto j = engine.open(shop);
    run_summary s;
    s.run = j->begin_run("a.csv", noon);
    s.job = "shop.toml";
    s.paused = std::chrono::milliseconds(1500);
    s.doubts = {{.key = "K\"1", .line = 7, .why = "two match", .candidates = {11, 12}, .file = "b.csv"}};
    s.missing.keys = {"M1"};
    s.missing.note = "why";
    s.fields_sent = 3;
    s.details.limit = 90;
    s.details.minutes = {{90, 0}, {2, 58}};
    s.details.fields_changed = {{"email", 2}};
    s.details.add({.line = 12,
                   .cells = {},
                   .faults = {{.code = fault_code::bad_email,
                               .where = {"a.csv", 12, "E-mail"},
                               .found = "secret",
                               .problem = "is wrong",
                               .remedy = "correct it"}}});
    j->end_run(s);
    const run_summary kept = j->runs().front().summary;
    CHECK(kept.job == "shop.toml");
    CHECK(kept.paused == s.paused);
    CHECK(kept.fields_sent == 3);
    REQUIRE(kept.doubts.size() == 1);
    CHECK(kept.doubts.front().key == "K\"1");
    CHECK(kept.doubts.front().file == "b.csv");
    CHECK(kept.doubts.front().candidates == std::vector<std::int64_t>{11, 12});
    CHECK(kept.missing.keys == std::vector<std::string>{"M1"});
    CHECK(kept.missing.note == "why");
    const run_details details = j->details_of(s.run);
    CHECK(details.limit == 90);
    REQUIRE(details.minutes.size() == 2);
    CHECK(details.minutes[1].paused_seconds == 58);
    CHECK(details.fields_changed == s.details.fields_changed);
    REQUIRE(details.causes.size() == 1);
    CHECK(details.causes.front().lines == std::vector<std::string>{"12"});
    CHECK(details.causes.front().example == "column \"E-mail\": is wrong; correct it");
    REQUIRE(details.rejected.size() == 1);
    CHECK(details.rejected.front().problem == "is wrong; correct it");
    // Nobody's data stays.
    CHECK(details.rejected.front().found.empty());
    for (std::int64_t i = 0; i < runs_with_details; ++i) {
        run_summary later;
        later.run = j->begin_run("a.csv", noon);
        j->end_run(later);
    }
    CHECK(j->details_of(s.run).minutes.empty());
    CHECK(j->runs().front().summary.doubts.size() == 1);
}

TEST_CASE_TEMPLATE_DEFINE("a journal with clients belongs to one account; one without is bound anew", Engine,
                          a_journal_with_clients_belongs_to_one) {
    Engine engine;
    { const auto j = engine.open({"https://typo.example/", "shop", {"Kod"}}); }
    {
        const auto j = engine.open(shop);
        j->begin_run("a.csv", noon);
        j->created("K1", client(42, "row", "a@b.pl"), noon);
        j->commit();
    }
    CHECK(contains(error_of([&] {
                       static_cast<void>(engine.open({"http://127.0.0.1/", "shop", {"Kod"}}));
                   }),
                   "would overwrite strangers"));
    CHECK(contains(error_of([&] { static_cast<void>(engine.open({shop.url, "other", {"Kod"}})); }), "\"shop\""));
    CHECK_NOTHROW(static_cast<void>(engine.open(shop)));
}

TEST_CASE_TEMPLATE_DEFINE("a journal has one way to make keys, unless its columns are merely called otherwise", Engine,
                          a_journal_has_one_way_to_make) {
    Engine engine;
    {
        const auto j = engine.open(shop);
        j->begin_run("a.csv", noon);
        j->created("K1", client(42, "row", "a@b.pl"), noon);
        j->commit();
    }
    journal_owner other = shop;
    other.key_columns = {"Kod", "Kraj"};
    const std::string said = error_of([&] { static_cast<void>(engine.open(other)); });
    CHECK(contains(said, "from the columns \"Kod\", and the job takes them from \"Kod\" and \"Kraj\""));
    other.key_columns = {"Code"};
    CHECK_FALSE(error_of([&] { static_cast<void>(engine.open(other)); }).empty());
    other.same_keys = true;
    CHECK_NOTHROW(static_cast<void>(engine.open(other)));
    other.same_keys = false;
    CHECK_NOTHROW(static_cast<void>(engine.open(other)));
}

TEST_CASE_TEMPLATE_DEFINE("after a change that failed, nothing is said to be on disk until that is acknowledged",
                          Engine, after_a_change_that_failed_nothing_is) {
    Engine engine;
    const auto j = engine.open(shop);
    j->begin_run("a.csv", noon);
    j->intend({"K1", 1, "{}"}, noon);
    CHECK_FALSE(error_of([&] { j->intend({"K1", 1, "{}"}, noon); }).empty());
    CHECK_FALSE(error_of([&] { j->commit(); }).empty());
    CHECK_FALSE(error_of([&] { j->withdraw("K1"); }).empty());
    j->rollback();
    CHECK_FALSE(j->find("K1"));
    j->intend({"K2", 1, "{}"}, noon);
    j->commit();
    CHECK(j->find("K2")->in_doubt);
}

TEST_CASE_TEMPLATE_DEFINE("entries are exported in the order of their keys, with their states", Engine,
                          entries_are_exported_in_the_order_of) {
    Engine engine;
    const auto j = engine.open(shop);
    j->begin_run("a.csv", noon);
    j->created("b", client(2, "row", ""), noon);
    j->refused("a", {content_hash_of("r"), "ERROR_X", "no"}, noon);
    j->intend({"c", 3, "{}"}, noon);
    std::string shown;
    j->each_entry([&](const exported_entry& e) {
        shown += e.key + "=" + e.state + (e.crm_client_id ? std::to_string(*e.crm_client_id) : "") + e.note + ";";
    });
    CHECK(shown == "a=refusedERROR_X: no;b=linked2;c=in doubt;");
}

TEST_CASE_TEMPLATE_DEFINE(
    "a client that a look-up found counts as created by the run that sent it, and one named by hand by none", Engine,
    a_client_that_a_lookup_found_counts) {
    Engine engine;
    const auto j = engine.open(shop);
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

TEST_CASE_TEMPLATE_DEFINE("a deleted client stays known as such until it is sent to again", Engine,
                          a_deleted_client_stays_known_as_such) {
    Engine engine;
    const auto j = engine.open(shop);
    j->begin_run("a.csv", noon);
    j->created("K1", client(42, "row", "a@b.pl"), noon);
    j->deleted("K1", noon);
    CHECK(j->find("K1")->client->deleted);
    content_hash last = content_hash_of("row");
    j->each_key([&](const known_key& known) {
        last = known.record_hash;
        CHECK_FALSE(known.has_client);
    });
    CHECK(last == content_hash{});  // its row is looked at, however equal it is
    j->each_entry([](const exported_entry& e) { CHECK(e.state == "deleted"); });
    j->created("K1", client(50, "row", "a@b.pl"), noon);
    CHECK_FALSE(j->find("K1")->client->deleted);
    CHECK(j->find("K1")->client->crm_client_id == 50);
}

TEST_CASE_TEMPLATE_DEFINE("many keys are found at once, in their order", Engine, many_keys_at_once) {
    Engine engine;
    const auto j = engine.open(shop);
    j->begin_run("a.csv", noon);
    j->created("K1", client(1, "one", ""), noon);
    j->intend({"K3", 3, "{}"}, noon);
    const std::vector<std::string> keys = {"K3", "K2", "K1", "K3"};
    const auto entries = j->find_all(keys);
    REQUIRE(entries.size() == 4);
    CHECK(entries[0]->in_doubt);
    CHECK_FALSE(entries[1]);
    CHECK(entries[2]->client->crm_client_id == 1);
    CHECK(entries[3]->in_doubt);
    CHECK(j->find_all({}).empty());
}

TEST_CASE_TEMPLATE_DEFINE("a commit calls back once what was written is durable", Engine, commit_calls_back) {
    Engine engine;
    bool durable = false;
    {
        const auto j = engine.open(shop);
        j->begin_run("a.csv", noon);
        j->intend({"K1", 2, "{}"}, noon);
        j->commit_then([&] { durable = true; });
        j->intend({"K2", 3, "{}"}, noon);
        while (!j->is_committed()) {
        }
        CHECK(durable);
    }
    const auto j = engine.open(shop);
    CHECK(j->find("K1")->in_doubt);
    CHECK_FALSE(j->find("K2"));
}

TEST_CASE_TEMPLATE_DEFINE("what a run created and overwrote can be asked for, until it is taken back", Engine,
                          what_a_run_did) {
    Engine engine;
    const auto j = engine.open(shop);
    const std::int64_t first = j->begin_run("a.csv", noon);
    j->created("K1", client(1, "one", "a@b.pl"), noon);
    j->created("K2", client(2, "two", ""), noon);
    const std::int64_t second = j->begin_run("a.csv", noon);
    j->back_up("K1", 1, "{\"email\":\"a@b.pl\"}");
    j->updated("K1", client(1, "one b", "c@d.pl"), noon);
    CHECK(j->created_by(first).size() == 2);
    CHECK(j->created_by(second).empty());
    const auto overwritten = j->backed_up_by(second);
    REQUIRE(overwritten.size() == 1);
    CHECK(overwritten[0].key == "K1");
    CHECK(overwritten[0].backup == "{\"email\":\"a@b.pl\"}");
    CHECK(overwritten[0].changed_run == second);
    j->restored("K1", second);
    CHECK(j->backed_up_by(second).empty());
    j->forget("K2");
    CHECK_FALSE(j->find("K2"));
    CHECK(j->created_by(first).size() == 1);
    CHECK(j->client_of(key_hash("K1"))->crm_client_id == 1);
    CHECK_FALSE(j->client_of(key_hash("K2")));
    j->undone(first, noon);
    CHECK(j->runs()[0].undone);
    CHECK_FALSE(j->runs()[1].undone);
}

TEST_CASE_TEMPLATE_DEFINE("who is absent is kept until present", Engine, absent_until_present) {
    Engine engine;
    const auto j = engine.open(shop);
    j->begin_run("a.csv", noon);
    j->absent(key_hash("K1"));
    j->absent(key_hash("K1"));
    j->absent(key_hash("K2"));
    j->present(key_hash("K2"));
    std::vector<fingerprint> all;
    j->each_absent([&](const fingerprint& key) { all.push_back(key); });
    CHECK(all == std::vector<fingerprint>{key_hash("K1")});
}

TEST_CASE_TEMPLATE_DEFINE("what the account said is kept under its name", Engine, what_the_account_said) {
    Engine engine;
    {
        const auto j = engine.open(shop);
        CHECK_FALSE(j->recalled("statuses"));
        j->remember("statuses", "[1]");
        j->remember("statuses", "[1,2]");
        j->commit();
    }
    CHECK(engine.open_to_read()->recalled("statuses") == "[1,2]");
}

TEST_CASE_TEMPLATE_DEFINE("a second run is kept out, and a reader is not", Engine, one_run_at_a_time) {
    Engine engine;
    const auto held = engine.open(shop);
    CHECK(test::code_of([&] { static_cast<void>(engine.open(shop)); }) == exit_code::journal_busy);
    CHECK_NOTHROW(static_cast<void>(engine.open_to_read()->runs()));
}

TEST_CASE_TEMPLATE_DEFINE("while an update is under way its fields are unknown, until it is settled or reinstated",
                          Engine, an_update_under_way) {
    Engine engine;
    const auto j = engine.open(shop);
    j->begin_run("a.csv", noon);
    j->created("K1",
               {42,
                content_hash_of("row"),
                {{field_code::email, content_hash_of("a")}, {field_code::phone, content_hash_of("1")}}},
               noon);
    const known_client before = *j->find("K1")->client;
    j->unsettled("K1", {field_code::email});
    CHECK_FALSE(j->find("K1")->client->sent.contains(field_code::email));
    CHECK(j->find("K1")->client->sent.contains(field_code::phone));
    CHECK(j->find("K1")->client->record_hash == content_hash{});
    j->unsettled("K1", {field_code::phone});
    CHECK(j->find("K1")->client->sent.empty());
    j->reinstated("K1", before.sent, before.record_hash);
    CHECK(j->find("K1")->client->sent == before.sent);
    CHECK(j->find("K1")->client->record_hash == before.record_hash);
}

TEST_CASE_TEMPLATE_DEFINE("an update without an answer leaves its fields unknown for who opens the journal next",
                          Engine, an_update_without_answer) {
    Engine engine;
    {
        const auto j = engine.open(shop);
        j->begin_run("a.csv", noon);
        j->created("K1",
                   {42,
                    content_hash_of("row"),
                    {{field_code::email, content_hash_of("a")}, {field_code::phone, content_hash_of("1")}}},
                   noon);
        j->begin_run("b.csv", noon);
        j->unsettled("K1", {field_code::email});
        j->commit();
    }
    const auto looked_at = [](client_memory& memory) {
        CHECK_FALSE(memory.find("K1")->client->sent.contains(field_code::email));
        CHECK(memory.client_of(key_hash("K1"))->changed_run == 2);
        memory.each_key([](const known_key& known) { CHECK(known.record_hash == content_hash{}); });
    };
    looked_at(*engine.open_to_read());
    {
        const auto j = engine.open(shop);
        looked_at(*j);
        j->refresh_hash("K1", content_hash_of("row 2"));  // the field is not mapped any more
        CHECK(j->find("K1")->client->record_hash == content_hash_of("row 2"));
        CHECK_FALSE(j->find("K1")->client->sent.contains(field_code::email));
        j->updated("K1", {42, content_hash_of("row 3"), {{field_code::email, content_hash_of("b")}}}, noon);
        j->commit();
    }
    const auto j = engine.open(shop);
    CHECK(j->find("K1")->client->record_hash == content_hash_of("row 3"));
    CHECK(j->find("K1")->client->sent.at(field_code::email) == content_hash_of("b"));
    CHECK(j->find("K1")->client->sent.at(field_code::phone) == content_hash_of("1"));
}

TEST_CASE_TEMPLATE_DEFINE(
    "an intent knows the newest id there was, and whether it has left; an id that does not rise is noticed", Engine,
    newest_ids) {
    Engine engine;
    {
        const auto j = engine.open(shop);
        j->begin_run("a.csv", noon);
        CHECK_FALSE(j->newest_id());
        j->intend({"K0", 1, "{}"}, noon);
        CHECK_FALSE(j->find_intent("K0")->newest_id);
        j->saw_id(0);
        CHECK(j->newest_id() == 0);
        j->intend({.key = "K1", .line = 2, .parameters = "{}", .is_ahead = true}, noon);
        CHECK(j->find_intent("K1")->newest_id == 0);
        CHECK(j->find_intent("K1")->is_ahead);
        CHECK_FALSE(j->find_intent("K0")->is_ahead);
        j->created("K1", client(42, "row", ""), noon);
        j->intend({"K2", 3, "{}"}, noon);
        CHECK(j->find_intent("K2")->newest_id == 42);
        j->forget("K1");
        j->commit();
    }
    const auto j = engine.open(shop);
    CHECK(j->newest_id() == 42);  // though its client is forgotten
    CHECK(j->ids_rise());
    j->created("K2", client(7, "row", ""), noon);
    CHECK_FALSE(j->ids_rise());
    j->intend({"K3", 4, "{}"}, noon);
    CHECK_FALSE(j->find_intent("K3")->newest_id);  // no id tells old from new
}

TEST_CASE_TEMPLATE_DEFINE("a journal has a name, counts its sessions, and knows what it was told of token and sending",
                          Engine, identity_and_marks) {
    Engine engine;
    std::string id;
    {
        const auto j = engine.open(shop);
        id = j->id();
        CHECK(id.size() == 32);
        CHECK(j->sessions_found() == 0);
        CHECK_FALSE(j->has_history());
        CHECK(j->marked_token().hash.empty());
        CHECK_FALSE(j->last_sending());
        j->begin_session();
        CHECK(j->sessions() == 1);
        j->advance_session();
        CHECK(j->sessions() == 3);
        j->mark_token({"salt", "hash"});
        j->mark_sending({"state", noon});
        j->mark_linked();
        j->commit();
    }
    const auto j = engine.open(shop);
    CHECK(j->id() == id);
    CHECK(j->sessions_found() == 4);
    CHECK_FALSE(j->has_lost_its_log());
    CHECK(j->has_history());
    CHECK(j->marked_token().hash == "hash");
    CHECK(j->last_sending()->until == noon);
}

TEST_CASE_TEMPLATE_DEFINE(
    "the status from before is kept until it is given back, and samples are the newest and the oldest", Engine,
    statuses_and_samples) {
    Engine engine;
    const auto j = engine.open(shop);
    j->begin_run("a.csv", noon);
    for (std::int64_t id = 1; id <= 9; ++id) {
        j->created("K" + std::to_string(id), client(id, "row", ""), noon);
    }
    j->status_before_missing("K3", 2);
    j->absent(key_hash("K3"));
    j->present(key_hash("K3"));
    CHECK(j->find("K3")->status_before_missing == 2);
    j->status_before_missing("K3", std::nullopt);
    CHECK_FALSE(j->find("K3")->status_before_missing);
    j->deleted("K9", noon);
    std::string keys;
    for (const auto& [key, known] : j->sample_clients(5)) {
        keys += key;
    }
    CHECK(keys == "K8K7K6K2K1");
    CHECK(j->client_of(key_hash("K3"))->created_run == 1);
    CHECK(j->last_full_run() == 0);
}

}  // namespace journal_contract

#define JOURNAL_CONTRACT(Engine)                                                                                       \
    TEST_CASE_TEMPLATE_INVOKE(a_created_client_is_found_again_after, Engine);                                          \
    TEST_CASE_TEMPLATE_INVOKE(an_update_keeps_what_was_sent_before, Engine);                                           \
    TEST_CASE_TEMPLATE_INVOKE(what_is_not_committed_is_gone_after, Engine);                                            \
    TEST_CASE_TEMPLATE_INVOKE(an_intent_without_an_answer_stays_in, Engine);                                           \
    TEST_CASE_TEMPLATE_INVOKE(a_refusal_ends_the_intent_and_is, Engine);                                               \
    TEST_CASE_TEMPLATE_INVOKE(every_key_is_visited_with_its_hash, Engine);                                             \
    TEST_CASE_TEMPLATE_INVOKE(runs_are_kept_those_that_ended_and, Engine);                                             \
    TEST_CASE_TEMPLATE_INVOKE(a_run_is_kept_whole, Engine);                                                            \
    TEST_CASE_TEMPLATE_INVOKE(a_journal_with_clients_belongs_to_one, Engine);                                          \
    TEST_CASE_TEMPLATE_INVOKE(a_journal_has_one_way_to_make, Engine);                                                  \
    TEST_CASE_TEMPLATE_INVOKE(after_a_change_that_failed_nothing_is, Engine);                                          \
    TEST_CASE_TEMPLATE_INVOKE(entries_are_exported_in_the_order_of, Engine);                                           \
    TEST_CASE_TEMPLATE_INVOKE(a_client_that_a_lookup_found_counts, Engine);                                            \
    TEST_CASE_TEMPLATE_INVOKE(a_deleted_client_stays_known_as_such, Engine);                                           \
    TEST_CASE_TEMPLATE_INVOKE(many_keys_at_once, Engine);                                                              \
    TEST_CASE_TEMPLATE_INVOKE(commit_calls_back, Engine);                                                              \
    TEST_CASE_TEMPLATE_INVOKE(what_a_run_did, Engine);                                                                 \
    TEST_CASE_TEMPLATE_INVOKE(absent_until_present, Engine);                                                           \
    TEST_CASE_TEMPLATE_INVOKE(what_the_account_said, Engine);                                                          \
    TEST_CASE_TEMPLATE_INVOKE(an_update_under_way, Engine);                                                            \
    TEST_CASE_TEMPLATE_INVOKE(an_update_without_answer, Engine);                                                       \
    TEST_CASE_TEMPLATE_INVOKE(newest_ids, Engine);                                                                     \
    TEST_CASE_TEMPLATE_INVOKE(identity_and_marks, Engine);                                                             \
    TEST_CASE_TEMPLATE_INVOKE(statuses_and_samples, Engine);                                                           \
    TEST_CASE_TEMPLATE_INVOKE(one_run_at_a_time, Engine)
