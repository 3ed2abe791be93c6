#include "baseload/api/request_limit.hpp"

#include <algorithm>
#include <vector>

namespace baseload {
namespace {

// The service may count a request that is exactly a minute old, and clocks tick in steps.
constexpr request_limit::duration window = std::chrono::seconds(60) + std::chrono::milliseconds(100);

}  // namespace

request_limit::duration request_limit::delay(time_point now) const {
    std::vector<time_point> held;
    held.reserve(slots_.size());
    for (const auto& [slot, free_at] : slots_) {
        // A slot that is free at this very moment counts as free: `window` has its own reserve.
        if (free_at > now) {
            held.push_back(free_at);
        }
    }
    if (held.size() < per_minute_) {
        return duration::zero();
    }
    // As many must come free as leave one place.
    // nth_element and not a sort: only the moment counts at which enough of them are free.
    const auto last = held.begin() + static_cast<std::ptrdiff_t>(held.size() - per_minute_);
    std::nth_element(held.begin(), last, held.end());
    return *last - now;
}

request_limit::time_point request_limit::free_if_unheard_of(time_point now) const {
    return free_once_given_up(now + times_.until_given_up);
}

request_limit::time_point request_limit::free_once_given_up(time_point now) const {
    return now + times_.settling + window;
}

request_limit::time_point request_limit::free_once_answered(time_point now) {
    return now + window;
}

}  // namespace baseload
