#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

namespace baseload::sandbox {

// The service's side of the limit: counts arrivals over a sliding minute, blocks when there
// are too many, and begins the block anew with every request during it (src/api/README.md, "Limit").
// Pure: times are handed in, in order.
class rate_window {
public:
    using time = std::chrono::sys_time<std::chrono::milliseconds>;

    // `limit` 0: no limit.
    rate_window(std::uint32_t limit, std::chrono::milliseconds block) : limit_(limit), block_(block) {}

    // True when a request that arrives now is let in.
    [[nodiscard]] bool arrive(time now);

    // Blocks as if another program had passed the limit.
    void block(time now) { blocked_until_ = now + block_; }

    [[nodiscard]] time blocked_until() const { return blocked_until_; }

    // What an earlier process saw.
    void restore(time arrival) { arrivals_.push_back(arrival); }
    void restore_block(time until) { blocked_until_ = until; }

private:
    std::uint32_t limit_;
    std::chrono::milliseconds block_;
    std::deque<time> arrivals_;
    time blocked_until_{};
};

}  // namespace baseload::sandbox
