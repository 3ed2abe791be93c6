#include "baseload/session/other_journals.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/journal/journal.hpp"

#include <algorithm>
#include <utility>

namespace baseload {
namespace {

// Read beside a run if need be.
void look_into(other_journal& other, const journal_locator& place, const std::vector<std::int64_t>& clients) {
    try {
        if (!journal_exists(place)) {
            return;
        }
        const auto j = open_journal_to_read(place);
        // Another journal may lie there by now.
        if (j->id() != other.journal.id) {
            return;
        }
        other.is_there = true;
        other.is_open = j->sessions_found() % 2 == 1;
        other.clients = static_cast<std::uint64_t>(std::count_if(
            clients.begin(), clients.end(), [&](std::int64_t id) { return j->key_of_client(id).has_value(); }));
    } catch (const command_error& why) {
        // It cannot be read, by this user or this version: nobody can say that it has none of them.
        other.is_there = true;
        other.clients = clients.size();
        other.problem = why.what();
    }
}

}  // namespace

std::vector<other_journal> find_other_journals(account_state& state, const std::string& own_id,
                                               const journal_locator& own_place,
                                               const std::vector<std::int64_t>& clients) {
    std::vector<other_journal> others;
    for (used_journal& known : state.journals()) {
        if (known.id == own_id || !known.replaced_by.empty()) {
            continue;
        }
        other_journal other{.journal = std::move(known)};
        // Where the job's own lies there is no other any more.
        if (const auto place = journal_locator::of_text(other.journal.path); place != own_place) {
            look_into(other, place, clients);
        }
        others.push_back(std::move(other));
    }
    return others;
}

}  // namespace baseload
