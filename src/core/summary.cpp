#include "baseload/core/summary.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace baseload {

// The JSON of a run has these names as its keys (report/summary_report.cpp), and scripts read it: never rename one.
std::string_view outcome_name(outcome o) {
    static constexpr std::array<std::string_view, outcome_kinds> names = {
        "created", "updated", "unchanged", "rejected", "in doubt", "not reached", "skipped"};
    return names.at(static_cast<std::size_t>(o));
}

// Equals run_summary::records, or a row has ended in no outcome or in two.
std::uint64_t tally::total() const {
    return std::accumulate(std::begin(counts_), std::end(counts_), std::uint64_t{0});
}

void tally::add(const tally& other) {
    for (std::size_t o = 0; o < counts_.size(); ++o) {
        counts_[o] += other.counts_[o];
    }
}

void tally::move(outcome from, outcome to, std::uint64_t records) {
    std::uint64_t& source = counts_[static_cast<std::size_t>(from)];
    const std::uint64_t moved = std::min(records, source);
    source -= moved;
    counts_[static_cast<std::size_t>(to)] += moved;
}

exit_code worse_of(exit_code one, exit_code other) {
    const auto rank = [](exit_code code) {
        // Another run that holds the journal is less than a stop; a refusal, by which nothing went in, is more.
        constexpr std::array by_rank{exit_code::success, exit_code::incomplete, exit_code::journal_busy,
                                     exit_code::stopped, exit_code::usage,      exit_code::refused};
        return std::find(by_rank.begin(), by_rank.end(), code) - by_rank.begin();
    };
    return rank(other) > rank(one) ? other : one;
}

void add_shard(run_summary& all, const run_summary& other) {
    all.started = std::min(all.started, other.started);
    all.finished = std::max(all.finished, other.finished);
    all.partial = all.partial || other.partial;
    all.records += other.records;
    all.rows.add(other.rows);
    all.left_to_go += other.left_to_go;
    all.merged += other.merged;
    all.requests += other.requests;
    all.fields_sent += other.fields_sent;
    all.replaced_characters += other.replaced_characters;
    all.warnings += other.warnings;
    // Each has looked at the whole source, and the first of them before any row was sent.
    all.same_customers = std::max(all.same_customers, other.same_customers);
    all.paused = std::max(all.paused, other.paused);
    if (other.lowest_limit > 0) {
        all.lowest_limit = all.lowest_limit > 0 ? std::min(all.lowest_limit, other.lowest_limit) : other.lowest_limit;
    }
    all.found += other.found;
    all.not_found += other.not_found;
    all.left_alone += other.left_alone;
    for (const doubtful_create& d : other.doubts) {
        if (all.doubts.size() < max_named) {
            all.doubts.push_back(d);
        }
    }
    all.keys_in_doubt += other.keys_in_doubt;
    all.details.add(other.details, std::chrono::duration_cast<std::chrono::minutes>(other.started - all.started));
    if (all.stopped_because.empty() && !other.stopped_because.empty()) {
        all.stopped_because = "shard " + other.shard + ": " + other.stopped_because;
    }
    all.code = worse_of(all.code, other.code);
}

}  // namespace baseload
