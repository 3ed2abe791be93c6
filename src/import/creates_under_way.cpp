#include "creates_under_way.hpp"

#include "baseload/plan/create_lookup.hpp"

#include <algorithm>

namespace baseload {

creates_under_way::entry::entry(creates_under_way& all, const client_fields& sent)
    : all_(all.all_), at_(all_->insert(all_->end(), &sent)) {}

// The list has other entries' iterators too, and erasing from a std::list leaves them valid.
creates_under_way::entry::~entry() {
    all_->erase(at_);
}

bool creates_under_way::may_have_made(const listed_client& client) const {
    return std::any_of(all_->begin(), all_->end(), [&](const client_fields* sent) { return may_be(client, *sent); });
}

}  // namespace baseload
