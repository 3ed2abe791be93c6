#pragma once

#include "baseload/core/boot_clock.hpp"

#include <chrono>
#include <cstdint>
#include <map>

namespace baseload {

// The right to send one request.
using slot_id = std::int64_t;

// Keeps the service's count of requests in any minute at or below the limit, whatever the
// network's jitter: a slot is taken when a request is sent and comes free a minute after
// its answer arrived. Between the two the service counted it once, so two requests on one
// slot are counted more than a minute apart. A request that was given up may still be on its way: its slot comes free
// a minute after the settling time; one of which nothing was ever heard (its program died), a minute after the latest
// moment at which it can have been under way.
// Pure: the clock is handed in. Not thread-safe.
class request_limit {
public:
    using time_point = boot_clock::time_point;
    using duration = boot_clock::duration;

    // How long a request can last.
    struct request_times {
        duration until_given_up;  // from taking its slot
        duration settling;        // afterwards it may still arrive
    };

    request_limit(std::uint32_t per_minute, request_times times) : per_minute_(per_minute), times_(times) {}

    // How long a request must wait at `now`; zero when it may leave.
    [[nodiscard]] duration delay(time_point now) const;

    // When a slot comes free that is taken, whose request is given up, or whose answer arrives, at `now`.
    [[nodiscard]] time_point free_if_unheard_of(time_point now) const;
    [[nodiscard]] time_point free_once_given_up(time_point now) const;
    [[nodiscard]] static time_point free_once_answered(time_point now);

    [[nodiscard]] std::size_t taken() const { return slots_.size(); }
    void hold(slot_id slot, time_point free_at) { slots_[slot] = free_at; }

private:
    std::uint32_t per_minute_;
    request_times times_;
    std::map<slot_id, time_point> slots_;
};

}  // namespace baseload
