#include "journal_contract.hpp"
#include "old_formats.hpp"
#include "support/temporary_folder.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <unistd.h>

using namespace journal_contract;

namespace {

// A journal in a file of its own.
class sqlite_engine {
public:
    [[nodiscard]] std::unique_ptr<journal> open(const journal_owner& owner) {
        return open_journal({folder_ / "j"}, owner);
    }
    [[nodiscard]] std::unique_ptr<journal> open_to_read() { return open_journal_to_read({folder_ / "j"}); }

private:
    test::temporary_folder folder_;
};

}  // namespace

namespace journal_contract {
JOURNAL_CONTRACT(sqlite_engine);
}  // namespace journal_contract

TEST_CASE("the journal serves one run at a time, and names the one that holds it") {
    const test::temporary_folder folder;
    const auto held = open_journal({folder / "j"}, shop);
    CHECK(test::code_of([&] { static_cast<void>(open_journal({folder / "j"}, shop)); }) == exit_code::journal_busy);
    std::filesystem::create_symlink(folder / "j", folder / "other-name");
    CHECK(test::code_of([&] { static_cast<void>(open_journal({folder / "other-name"}, shop)); }) ==
          exit_code::journal_busy);
    const std::string said = error_of([&] { static_cast<void>(open_journal({folder / "j"}, shop)); });
    CHECK(contains(said, "process " + std::to_string(::getpid()) + ", started 20"));
    CHECK_NOTHROW(static_cast<void>(open_journal_to_read({folder / "j"})->runs()));
}

TEST_CASE("what is no journal, or a newer one, is refused and left as it was") {
    const test::temporary_folder folder;
    folder.write(
        "text",
        "this is no database, but long enough to be taken for one ............................................");
    CHECK(contains(error_of([&] { static_cast<void>(open_journal({folder / "text"}, shop)); }),
                   "damaged or not a journal"));
    {
        SQLite::Database((folder / "other").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
            .exec("CREATE TABLE t (x)");
    }
    const auto bytes = std::filesystem::file_size(folder / "other");
    CHECK(contains(error_of([&] { static_cast<void>(open_journal({folder / "other"}, shop)); }),
                   "not a journal of baseload"));
    CHECK(std::filesystem::file_size(folder / "other") == bytes);
    CHECK(SQLite::Database((folder / "other").string()).execAndGet("PRAGMA journal_mode").getString() == "delete");
    { const auto j = open_journal({folder / "j"}, shop); }
    { SQLite::Database((folder / "j").string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99"); }
    const std::string newer = error_of([&] { static_cast<void>(open_journal({folder / "j"}, shop)); });
    CHECK(contains(newer, "written by a newer baseload (format 99"));
    CHECK(contains(error_of([&] { static_cast<void>(open_journal_to_read({folder / "j"})); }), "newer baseload"));
    CHECK(contains(error_of([&] { static_cast<void>(open_journal_to_read({folder / "absent"})); }),
                   "there is no journal"));
    CHECK(contains(error_of([&] { static_cast<void>(open_journal({folder / "no/such/folder/j"}, shop)); }),
                   "must exist"));
}

TEST_CASE("a journal of each older format is brought up to date by a run, and kept from readers until then") {
    for (const int format : {1, 2, 3, 4}) {
        CAPTURE(format);
        const test::temporary_folder folder;
        {
            test::old_journal old(folder / "j", format, shop.url, shop.name, "\"Kod\"");
            for (int n = 1; n <= 300; ++n) {
                old.add_client("K" + std::to_string(n), n, "row", "a@b.pl");
            }
            old.add_client("twin", 7, "row", "a@b.pl");  // a fault of old: two keys with one client
            old.add_intent("doubt");
            old.add_intent("twin");  // and its create is open
            old.add_refusal("refused", "row");
            if (format >= 2) {
                old.mark("deleted", "K2");
                old.mark("absent", "K3");
            }
        }
        CHECK(contains(error_of([&] { static_cast<void>(open_journal_to_read({folder / "j"})); }), "older baseload"));
        {
            const auto j = open_journal({folder / "j"}, shop);
            const auto known = j->find("K42");
            REQUIRE(known);
            CHECK(known->client->crm_client_id == 42);
            CHECK(known->client->record_hash == content_hash_of("row"));
            CHECK(known->client->sent == sent_fields{{field_code::email, content_hash_of("a@b.pl")}});
            CHECK(j->find("K2")->client->deleted == (format >= 2));
            CHECK(j->find("refused")->refused->record_hash == content_hash_of("row"));
            CHECK(j->find_intent("doubt")->line == 7);
            CHECK(j->find_intent("doubt")->parameters == "{\"login\":\"x\"}");
            // Of two keys with one client one keeps it, and the other is for a person: nothing is known to look it up
            // by.
            CHECK(j->find_intent("twin")->parameters == "{}");
            CHECK(j->doubtful_keys() == std::vector<std::string>{"doubt", "twin"});
            CHECK(j->key_of_client(7) == "K7");
            CHECK(j->newest_id() == 300);
            std::size_t keys = 0;
            j->each_key([&](const known_key&) { ++keys; });
            CHECK(keys == 303);
            std::vector<fingerprint> absent;
            j->each_absent([&](const fingerprint& key) { absent.push_back(key); });
            CHECK(absent.size() == (format >= 2 ? 1 : 0));
            CHECK((absent.empty() || absent[0] == key_hash("K3")));
        }
        {
            const auto j = open_journal({folder / "j"}, shop);
            j->withdraw("twin");
            j->commit();
        }
        CHECK_FALSE(open_journal({folder / "j"}, shop)->find("twin"));
        CHECK(open_journal_to_read({folder / "j"})->key_of_client(42) == "K42");
    }
}

TEST_CASE("the directory finds every key through folds, splits and reopening") {
    const test::temporary_folder folder;
    const auto name = [](int n) { return "K" + std::to_string(n); };
    const auto record = [](int n, int night) { return content_hash{static_cast<std::uint64_t>(n) * 10 + night}; };
    constexpr int keys = 40'000;  // beyond what the log holds, and what a pack does
    {
        const auto j = open_journal({folder / "j"}, shop);
        j->begin_session();
        j->begin_run("a.csv", noon);
        for (int n = 1; n <= keys; ++n) {
            j->created(name(n), {n, record(n, 1), {}, false}, noon);
            if (n % 64 == 0) {
                j->commit();
            }
        }
        j->end_session();
    }
    {
        const auto j = open_journal({folder / "j"}, shop);
        j->begin_session();
        j->begin_run("a.csv", noon);
        for (int n = 1; n <= keys; n += 40) {
            j->refresh_hash(name(n), record(n, 2));
        }
        j->forget(name(2));
        j->commit();
        CHECK_FALSE(j->find(name(2)));
        CHECK_FALSE(j->find("never seen"));
        CHECK_FALSE(j->find("never seen"));
        j->end_session();  // a short log stays
    }
    const auto j = open_journal_to_read({folder / "j"});
    CHECK_FALSE(j->find(name(2)));
    CHECK(j->client_count() >= keys - 1);
    std::map<fingerprint, content_hash> seen;
    j->each_key([&](const known_key& known) {
        CHECK(known.has_client);
        CHECK(seen.emplace(known.key, known.record_hash).second);
    });
    CHECK(seen.size() == keys - 1);
    bool all_there = true;
    for (int n = 1; n <= keys; ++n) {
        const bool is_changed = n % 40 == 1;
        const auto at = seen.find(key_hash(name(n)));
        all_there = all_there && (n == 2 || (at != seen.end() && at->second == record(n, is_changed ? 2 : 1)));
    }
    CHECK(all_there);
    CHECK(j->find(name(keys))->client->crm_client_id == keys);
}
