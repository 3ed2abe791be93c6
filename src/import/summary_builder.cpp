#include "summary_builder.hpp"

#include <fmt/format.h>

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
    summary_.requests = requests_before_ + requests;
    summary_.paused = paused;
    summary_.lowest_limit = lowest_limit;
}

namespace {

// Up to now, so that a pause at the end is there too.
std::vector<run_minute> minutes_of(account_session& session) {
    using std::chrono::minutes;
    const boot_clock::time_point began = session.health().began();
    const auto length = static_cast<std::size_t>((session.clock().now() - began) / minutes(1)) + 1;
    std::vector<run_minute> all(std::max(length, session.health().by_minute().size()));
    for (std::size_t i = 0; i < session.health().by_minute().size(); ++i) {
        all[i].requests = session.health().by_minute()[i];
    }
    for (const pacer::pause& p : session.pace().pauses()) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto from = std::max(p.from, began + minutes(i));
            const auto to = std::min(p.to, began + minutes(i + 1));
            if (from < to) {
                all[i].paused_seconds +=
                    static_cast<std::uint32_t>(std::chrono::round<std::chrono::seconds>(to - from).count());
            }
        }
    }
    return all;
}

}  // namespace

void take_stock_of(account_session& session, summary_builder& summary) {
    summary.minutes(minutes_of(session));
    summary.conversed(session.health().requests(), session.pace().paused(), session.pace().lowest_limit().value_or(0));
}

void summary_builder::recount(const run_shards::run_changes& of_all_tries) {
    const auto raise = [&](outcome o, std::uint64_t to) {
        summary_.rows.move(outcome::unchanged, o, to - std::min(to, summary_.rows.of(o)));
    };
    raise(outcome::created, of_all_tries.created);
    raise(outcome::updated, of_all_tries.updated);
    requests_before_ = of_all_tries.requests;
    summary_.requests += requests_before_;
    summary_.fields_sent += of_all_tries.fields_sent;
    summary_.found += of_all_tries.found;
    summary_.not_found += of_all_tries.not_found;
}

void summary_builder::join(const std::vector<run_summary>& others) {
    if (!summary_.stopped_because.empty()) {
        summary_.stopped_because = fmt::format("shard {}: {}", summary_.shard, summary_.stopped_because);
    }
    summary_.shard.clear();
    summary_.shards = static_cast<std::uint32_t>(others.size() + 1);
    for (const run_summary& other : others) {
        add_shard(summary_, other);
    }
}

void summary_builder::finished(wall_time now, std::uint64_t doubtful_in_journal) {
    summary_.finished = now;
    summary_.doubtful_elsewhere = doubtful_in_journal - std::min(doubtful_in_journal, summary_.keys_in_doubt);
}

}  // namespace baseload
