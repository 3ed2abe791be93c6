#pragma once

#include "baseload/core/progress.hpp"
#include "baseload/core/summary.hpp"
#include "baseload/core/wall_clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

inline constexpr std::int64_t runs_with_details = 30;

// One row of `runs`. One that has not ended was killed, or is under way.
struct run_record {
    run_summary summary;
    std::int64_t pid = 0;
    bool ended = false;
    bool undone = false;  // wholly
};

// The journal's second role: the runs, from their beginning to their end.
class run_history {
public:
    virtual ~run_history() = default;

    // Returns the run's number. Durable at once; so is end_run.
    virtual std::int64_t begin_run(const std::string& source, wall_time now) = 0;
    virtual void end_run(const run_summary& summary) = 0;
    // How far the run is, for others who look (progress_of in journal.hpp). Durable it need not be; what cannot be told
    // is lost.
    virtual void tell_progress(const progress& /*p*/) {}
    virtual void undone(std::int64_t run, wall_time now) = 0;

    [[nodiscard]] virtual std::vector<run_record> runs() = 0;  // the oldest first; without their details
    // Nothing of a run that did not end, nor of one before the last runs_with_details.
    [[nodiscard]] virtual run_details details_of(std::int64_t run) = 0;
    // How many records the last run read, but for those that the job left out, that came to its end, was no part of a
    // source and was not refused by [missing]; nothing before the first.
    [[nodiscard]] virtual std::optional<std::uint64_t> last_full_records() = 0;
    // Its number; 0 before the first.
    [[nodiscard]] virtual std::int64_t last_full_run() = 0;
};

}  // namespace baseload
