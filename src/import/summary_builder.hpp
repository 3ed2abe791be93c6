#pragma once

#include "baseload/core/field_table.hpp"
#include "baseload/core/summary.hpp"
#include "baseload/journal/run_shards.hpp"
#include "baseload/session/account_session.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace baseload {

// The one owner of a run's summary while the run goes on: what happens is told here, and everybody else reads so_far().
class summary_builder {
public:
    // `begun`: what is known before the second pass.
    explicit summary_builder(run_summary begun) : summary_(std::move(begun)) {}

    [[nodiscard]] const run_summary& so_far() const { return summary_; }

    void row(outcome o, std::uint64_t rows = 1) { summary_.rows.add(o, rows); }
    void merged() { ++summary_.merged; }                            // of the unchanged
    void left_alone() { ++summary_.left_alone; }                    // likewise
    void left() { ++summary_.left_to_go; }                          // of the rows not reached
    void rejected(const rejection& r) { summary_.details.add(r); }  // for the report
    void changed(field_code code) { ++summary_.details.fields_changed[std::string(field_name(code))]; }
    void warned(std::uint64_t warnings) { summary_.warnings += warnings; }
    void replaced(std::uint64_t characters) { summary_.replaced_characters += characters; }
    void sent(std::uint64_t fields) { summary_.fields_sent += fields; }  // in an update
    void found() { ++summary_.found; }                                   // a create without an answer, by its look-up
    void not_found() { ++summary_.not_found; }
    void doubtful(doubtful_create d);
    void update_in_doubt(doubtful_create d);
    void missing(missing_summary m) { summary_.missing = std::move(m); }
    void conversed(std::uint64_t requests, std::chrono::milliseconds paused, std::uint32_t lowest_limit);  // in all
    void minutes(std::vector<run_minute> all) { summary_.details.minutes = std::move(all); }

    // Ends the run: counts the rows that were never read as not reached. `doubtful_in_journal`: all keys in doubt
    // there.
    void stopped(std::string because) { summary_.stopped_because = std::move(because); }
    void finished(wall_time now, std::uint64_t doubtful_in_journal);
    void partial() { summary_.partial = true; }
    void concluded(exit_code code) { summary_.code = code; }
    // What earlier tries of the shard have made and updated is unchanged in this one, and the run's all the same.
    void recount(const run_shards::run_changes& of_all_tries);
    // The summary is of all shards from here on.
    void join(const std::vector<run_summary>& others);

private:
    run_summary summary_;
    std::uint64_t requests_before_ = 0;  // of earlier tries of the shard
};

// What the conversation with the account has cost so far.
void take_stock_of(account_session& session, summary_builder& summary);

}  // namespace baseload
