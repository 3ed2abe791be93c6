#include "journal_contract.hpp"

#include <cstdlib>
#include <string>

using namespace journal_contract;

namespace {

// A journal of its own in the database that the environment names (tests/support/postgres.py).
class postgres_engine {
public:
    [[nodiscard]] std::unique_ptr<journal> open(const journal_owner& owner) { return open_journal(place_, owner); }
    [[nodiscard]] std::unique_ptr<journal> open_to_read() { return open_journal_to_read(place_); }

private:
    static inline int made_ = 0;
    journal_locator place_{.file = {}, .url = "postgresql:///postgres", .name = "contract_" + std::to_string(++made_)};
};

}  // namespace

namespace journal_contract {
JOURNAL_CONTRACT(postgres_engine);
}  // namespace journal_contract
