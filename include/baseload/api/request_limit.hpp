#pragma once

#include "baseload/api/boot_clock.hpp"

#include <chrono>
#include <cstdint>
#include <map>

namespace baseload {

// The right to send one request.
using slot_id = std::int64_t;

// Keeps the service's count of requests in any minute at or below the limit, whatever the
// network's jitter: a slot is taken when a request is sent and comes free a minute after
// its answer arrived. Between the two the service counted it once, so two requests on one
// slot are counted more than a minute apart. A slot whose request is never heard of again
// comes free a minute after the latest moment at which it can have been under way.
// Pure: the clock is handed in. Not thread-safe.
class request_limit {
public:
    using time_point = boot_clock::time_point;
    using duration = boot_clock::duration;

    // `max_request`: from taking the slot until the request was answered or given up.
    request_limit(std::uint32_t per_minute, duration max_request);

    // How long a request must wait at `now`; zero when it may leave.
    [[nodiscard]] duration delay(time_point now) const;

    // When a slot comes free that is taken, or whose answer arrives, at `now`.
    [[nodiscard]] time_point free_if_unanswered(time_point now) const;
    [[nodiscard]] static time_point free_once_answered(time_point now);

    void hold(slot_id slot, time_point free_at) { slots_[slot] = free_at; }

private:
    std::uint32_t per_minute_;
    duration max_request_;
    std::map<slot_id, time_point> slots_;
};

}  // namespace baseload
