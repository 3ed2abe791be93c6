#include "journal_contract.hpp"

#include <cstdlib>
#include <string>

using namespace journal_contract;

namespace {

// A journal of its own in the database that the environment names (tests/support/postgres.py).
class postgres_engine {
public:
    [[nodiscard]] std::unique_ptr<journal> open(const journal_owner& owner, const shard& part = {}) {
        return open_journal(place_, owner, usual_lease, part);
    }
    [[nodiscard]] std::unique_ptr<journal> open_to_read() { return open_journal_to_read(place_); }

private:
    static inline int made_ = 0;
    journal_locator place_{.file = {}, .url = "postgresql:///postgres", .name = "contract_" + std::to_string(++made_)};
};

}  // namespace

namespace journal_contract {
JOURNAL_CONTRACT(postgres_engine);
}  // namespace journal_contract

TEST_CASE("a shard knows of the ids that another one has seen since it opened") {
    postgres_engine engine;
    const auto one = engine.open(shop, {.number = 1, .of = 2});
    const auto two = engine.open(shop, {.number = 2, .of = 2});
    CHECK_FALSE(two->newest_id());
    one->saw_id(0);
    one->commit();
    CHECK(two->newest_id() == 0);
    // Without an account that was seen to be empty, it is the first client.
    postgres_engine asked_by_nobody;
    const auto first = asked_by_nobody.open(shop, {.number = 1, .of = 2});
    const auto second = asked_by_nobody.open(shop, {.number = 2, .of = 2});
    CHECK_FALSE(second->newest_id());
    first->begin_run("a.csv", noon);
    first->created("K1", client(42, "row", "a@b.pl"), noon);
    first->commit();
    CHECK(second->newest_id() == 42);
}
