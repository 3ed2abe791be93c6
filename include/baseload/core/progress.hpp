#pragma once

#include "baseload/core/summary.hpp"
#include "baseload/core/wall_clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace baseload {

// How far a run is.
struct progress {
    wall_time started{};
    bool is_sending = false;  // false: it reads the source, and nothing else here is known
    std::uint64_t records = 0;
    tally rows = {};                   // with an outcome so far
    std::uint64_t requests_to_go = 0;  // as the forecast saw it
    std::uint64_t requests = 0;
    std::uint32_t requests_last_minute = 0;
    std::uint32_t limit = 0;                          // a minute, as the job has it; 0: none
    std::optional<std::uint32_t> reduced_limit = {};  // while others use the account too
    std::chrono::milliseconds to_go{0};               // from now on, until the last request may leave; pauses included
    bool waits_for_limit = false;                     // all that may leave in this minute has left
    std::optional<wall_time> blocked_until = {};
    bool unconnected = false;
};

// Of two shards of one run.
[[nodiscard]] progress together(const progress& one, const progress& other);

}  // namespace baseload
