#pragma once

#include "baseload/core/summary.hpp"
#include "baseload/survey/survey_observer.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

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
    bool waits_for_limit = false;                // all that may leave in this minute has left
    std::optional<std::uint32_t> reduced_limit;  // a minute, while others use the account too
    bool unconnected = false;
};

// Hears of a run while it goes on.
class run_observer : public survey_observer {
public:
    virtual void doubtful(const doubtful_create& d) = 0;
    virtual void advanced(const progress& p) = 0;
    virtual void missing(const missing_summary& m) = 0;

    // How often it wants to hear of progress.
    [[nodiscard]] virtual std::chrono::milliseconds progress_interval() const = 0;
};

}  // namespace baseload
