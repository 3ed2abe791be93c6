#include "recorded_runs.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/journal/journal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace baseload {

const run_record* recorded_runs::last() const {
    const auto found = std::find_if(all.rbegin(), all.rend(),
                                    [&](const run_record& r) { return under_way == 0 || r.summary.run != under_way; });
    return found == all.rend() ? nullptr : &*found;
}

const run_record& recorded_runs::numbered(std::int64_t run, const std::string& job) const {
    const auto found = std::find_if(all.begin(), all.end(), [&](const run_record& r) { return r.summary.run == run; });
    if (found == all.end()) {
        throw command_error(exit_code::usage, fmt::format("the journal {} has no run {}; baseload runs {} lists them",
                                                          journal, run, job));
    }
    return *found;
}

recorded_runs runs_of(const journal_locator& journal) {
    // Asked first: a run that ends meanwhile has ended in the history too.
    const std::vector<journal_holder> holders = holders_of(journal);
    const auto memory = open_journal_to_read(journal);
    recorded_runs runs{.journal = journal.text(), .all = memory->runs()};
    for (run_record& r : runs.all) {
        if (!r.ended) {
            r.summary.rows.add(outcome::created, memory->created_by(r.summary.run).size());
        }
    }
    if (!runs.all.empty() && !runs.all.back().ended) {
        const run_summary& last = runs.all.back().summary;
        // Another command may hold the journal, or a run that is yet to enter itself. A shard may join what is begun.
        if (std::any_of(holders.begin(), holders.end(), [&](const journal_holder& h) {
                return h.is_run() && (!h.part.is_whole() || h.so_far.started <= last.started);
            })) {
            runs.under_way = last.run;
        }
    }
    return runs;
}

}  // namespace baseload
