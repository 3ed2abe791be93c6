#include "baseload/session/journal_admission.hpp"

#include "baseload/journal/journal.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

#include <doctest/doctest.h>

using namespace baseload;
using test::contains;

namespace {

// A journal that was opened and closed so often.
class fixture {
public:
    explicit fixture(unsigned times) {
        for (unsigned i = 0; i < times; ++i) {
            open()->begin_session();
        }
    }
    [[nodiscard]] std::unique_ptr<journal> open() { return open_journal({folder / "j"}, {"u", "n", {"Kod"}}); }

    test::temporary_folder folder;
};

std::string objection(const journal& j, bool has_history, const std::vector<used_journal>& known,
                      const admission_options& options = {}) {
    return standing_of(j, has_history, "shop.journal", known, options).objection;
}

}  // namespace

TEST_CASE("a journal that is behind what the account's state remembers is refused, unless a person says otherwise") {
    fixture f(2);
    const auto j = f.open();
    CHECK(j->sessions_found() == 4);
    CHECK(objection(*j, true, {{j->id(), 4, "shop.journal"}}).empty());
    CHECK(objection(*j, true, {{j->id(), 3, "shop.journal"}}).empty());  // the state was not told of its end
    const std::string said = objection(*j, true, {{j->id(), 6, "elsewhere.journal"}});
    CHECK(contains(said, "is older than the one that was used last (elsewhere.journal)"));
    CHECK(contains(said, "baseload link"));
    CHECK(objection(*j, true, {{j->id(), 6, ""}}, {.accept_journal = true}).empty());
    CHECK(standing_of(*j, true, "", {{j->id(), 6, ""}}, {}).sessions == 6);
}

TEST_CASE("a journal that is not known is refused where another one was used") {
    fixture f(1);
    const auto j = f.open();
    const std::vector<used_journal> other = {{"another", 2, "old.journal"}};
    CHECK(objection(*j, false, {}).empty());
    CHECK(objection(*j, true, {}).empty());  // a state folder of its own: nothing is known
    CHECK(contains(objection(*j, false, other),
                   "the journal shop.journal is new, and the account has been written to with "
                   "old.journal"));
    CHECK(objection(*j, false, other, {.first_run = true}).empty());
    CHECK(contains(objection(*j, true, other, {.first_run = true}), "is not known here"));
    CHECK(objection(*j, true, other, {.accept_journal = true}).empty());
}

TEST_CASE("a journal that was not closed and has no log is half, until somebody says that it is whole") {
    fixture f(1);
    {
        const auto j = f.open();
        j->begin_session();
        std::filesystem::copy_file(f.folder / "j", f.folder / "copy");
    }
    {
        const auto half = open_journal({f.folder / "copy"}, {"u", "n", {"Kod"}});
        CHECK(contains(objection(*half, true, {}), "its log shop.journal-wal is gone"));
    }
    const auto still_half = open_journal({f.folder / "copy"}, {"u", "n", {"Kod"}});
    CHECK(still_half->has_lost_its_log());
    still_half->take_as_whole();
    still_half->commit();
    CHECK(objection(*still_half, true, {}).empty());
    CHECK_FALSE(f.open()->has_lost_its_log());
}

TEST_CASE("a session goes on from the newest count that is known") {
    fixture f(1);
    {
        const auto j = f.open();
        j->begin_session(8);
        CHECK(j->sessions() == 9);
    }
    CHECK(f.open()->sessions_found() == 10);
}

TEST_CASE("a journal with two names is refused") {
    fixture f(1);
    std::filesystem::create_hard_link(f.folder / "j", f.folder / "other");
    const std::string said = test::error_of([&] { static_cast<void>(f.open()); });
    CHECK(contains(said, "has 2 names (hard links)"));
}
