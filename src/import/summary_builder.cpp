#include "summary_builder.hpp"

#include <algorithm>

namespace baseload {
void summary_builder::doubtful(doubtful_create d) {
    // Rows alone are counted; a doubt of another source is in doubtful_elsewhere (finished()).
    if (d.line > 0) {
        ++summary_.keys_in_doubt;
    }
    if (summary_.doubts.size() < max_named) {
        summary_.doubts.push_back(std::move(d));
    }
}

void summary_builder::update_in_doubt(doubtful_create d) {
    if (summary_.doubts.size() < max_named) {
        summary_.doubts.push_back(std::move(d));
    }
}

void summary_builder::conversed(std::uint64_t requests, std::chrono::milliseconds paused, std::uint32_t lowest_limit) {
    summary_.requests = requests;
    summary_.paused = paused;
    summary_.lowest_limit = lowest_limit;
}

void take_stock_of(account_session& session, summary_builder& summary) {
    summary.conversed(session.health().requests(), session.pace().paused(), session.pace().lowest_limit().value_or(0));
}

void summary_builder::finished(wall_time now, std::uint64_t doubtful_in_journal) {
    summary_.finished = now;
    summary_.doubtful_elsewhere = doubtful_in_journal - std::min(doubtful_in_journal, summary_.keys_in_doubt);
}

}  // namespace baseload
