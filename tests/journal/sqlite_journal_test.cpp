#include "journal_contract.hpp"
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

TEST_CASE("a journal of the first format is brought up to date by a run, and kept from readers until then") {
    const test::temporary_folder folder;
    {
        const auto j = open_journal({folder / "j"}, shop);
        j->begin_run("a.csv", noon);
        j->created("K1", client(42, "row", "a@b.pl"), noon);
        j->commit();
    }
    {
        SQLite::Database database((folder / "j").string(), SQLite::OPEN_READWRITE);
        database.exec("DROP INDEX client_by_id; DROP TABLE deleted; DROP TABLE absent; DROP TABLE backup; "
                      "ALTER TABLE run DROP COLUMN undone_at; DROP TABLE self; DROP TABLE kept; "
                      "DROP TABLE status_before; ALTER TABLE intent DROP COLUMN newest_id; ALTER TABLE intent DROP "
                      "COLUMN ahead; ALTER TABLE run DROP COLUMN missing_refused; "
                      "PRAGMA user_version = 1;");
    }
    CHECK(contains(error_of([&] { static_cast<void>(open_journal_to_read({folder / "j"})); }), "older baseload"));
    CHECK(open_journal({folder / "j"}, shop)->find("K1")->client->crm_client_id == 42);
    CHECK(open_journal_to_read({folder / "j"})->key_of_client(42) == "K1");
}
