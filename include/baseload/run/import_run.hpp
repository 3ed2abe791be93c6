#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/core/rejection.hpp"
#include "baseload/core/summary.hpp"
#include "baseload/run/forecast.hpp"
#include "baseload/run/survey.hpp"
#include "baseload/source/record_source.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

// How far the second pass is.
struct progress {
    std::uint64_t records = 0;
    std::uint64_t settled = 0;         // records with an outcome
    std::uint64_t requests_to_go = 0;  // as the forecast saw it
    std::uint64_t requests = 0;
    double requests_per_minute = 0;  // so far; in the first minute, since it began
    std::chrono::milliseconds to_go{0};
    bool blocked = false;
    bool unconnected = false;
};

// Hears of a run while it goes on. What it throws ends the run. Called on the I/O thread.
class run_observer {
public:
    virtual ~run_observer() = default;

    virtual void opened(const record_source& source, const std::vector<std::string>& header) = 0;
    virtual void foreseen(const forecast& f) = 0;
    // New keys that are most likely other spellings of known ones: `found` of all `count`.
    virtual void similar(const std::vector<similar_key>& found, std::uint64_t count) = 0;
    virtual void rejected(const rejection& r) = 0;
    // What is hardly right in a row that is sent nevertheless.
    virtual void warned(const std::vector<fault>& /*doubts*/) {}
    virtual void doubtful(const doubtful_create& d) = 0;
    virtual void advanced(const progress& p) = 0;
    virtual void missing(const missing_summary& m) = 0;

    // How often it wants to hear of progress.
    [[nodiscard]] virtual std::chrono::milliseconds progress_interval() const = 0;
};

// So many rows, or such a share of the source's.
struct error_allowance {
    std::uint64_t rows = 0;
    std::optional<double> share;  // 0 to 1; in place of `rows`

    [[nodiscard]] std::uint64_t of(std::uint64_t records) const;
};

struct run_options {
    bool retry_rejected = false;  // send again what the server refused before
    bool same_keys = false;       // the key's columns are called otherwise than before, with the same keys
    std::optional<error_allowance> max_errors;             // more rejected rows stop the run
    std::optional<std::chrono::milliseconds> max_runtime;  // a longer run is stopped
};

[[nodiscard]] plan_options plan_options_of(const settings& job, const run_options& options);

// The import, from opening the job's source to the end of the run in the journal. SIGINT
// and SIGTERM end it early: what is in flight is finished; a second one leaves at once.
// Throws stop when nothing was sent; from the first request on, the summary says why the
// run stopped.
[[nodiscard]] run_summary run_import(const settings& job, const run_options& options, run_observer& observer);

}  // namespace baseload
