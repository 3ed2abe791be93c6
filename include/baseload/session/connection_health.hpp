#pragma once

#include "baseload/core/boot_clock.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace baseload {

// What all callers of one session know together of the way to the API: how many requests they sent, since when none of
// them is connected, how many failed in a row. Pure.
class connection_health {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // `began`: from when on minutes are counted.
    connection_health(std::uint32_t stop_after_failures, boot_clock::time_point began)
        : stop_after_failures_(stop_after_failures), began_(began) {}

    void sent(boot_clock::time_point now) {
        ++requests_;
        const auto minute = static_cast<std::size_t>((now - began_) / std::chrono::minutes(1));
        by_minute_.resize(std::max(by_minute_.size(), minute + 1));
        ++by_minute_[minute];
        last_sent_.push_back(now);
        forget_before(now);
    }
    [[nodiscard]] std::uint64_t requests() const { return requests_; }
    // From the beginning on, up to the minute of the last request.
    [[nodiscard]] const std::vector<std::uint32_t>& by_minute() const { return by_minute_; }
    [[nodiscard]] boot_clock::time_point began() const { return began_; }
    [[nodiscard]] std::uint32_t last_minute(boot_clock::time_point now) {
        forget_before(now);
        return static_cast<std::uint32_t>(last_sent_.size());
    }

    // True when nobody was connected before.
    bool connected() { return std::exchange(unconnected_since_, std::nullopt).has_value(); }
    [[nodiscard]] bool is_unconnected() const { return unconnected_since_.has_value(); }
    // After a failed attempt: for how long nobody has been connected.
    [[nodiscard]] std::chrono::milliseconds not_connected(time_point now) {
        unconnected_since_ = unconnected_since_.value_or(now);
        return std::chrono::duration_cast<std::chrono::milliseconds>(now - *unconnected_since_);
    }

    void succeeded() {
        failures_in_a_row_ = 0;
        refusals_in_a_row_ = 0;
    }
    // True when so many have failed in a row that going on makes no sense.
    [[nodiscard]] bool failed() { return ++failures_in_a_row_ >= stop_after_failures_; }
    // A write was refused with this code. True when the same one came so often in a row that it speaks of the account
    // and not of rows.
    [[nodiscard]] bool refused(const std::string& code) {
        refusals_in_a_row_ = code == refusal_ ? refusals_in_a_row_ + 1 : 1;
        refusal_ = code;
        return refusals_in_a_row_ >= max_equal_refusals;
    }
    static constexpr std::uint32_t max_equal_refusals = 10;

private:
    void forget_before(boot_clock::time_point now) {
        while (!last_sent_.empty() && now - last_sent_.front() >= std::chrono::minutes(1)) {
            last_sent_.pop_front();
        }
    }

    std::uint32_t stop_after_failures_;
    boot_clock::time_point began_;
    std::vector<std::uint32_t> by_minute_;
    std::deque<boot_clock::time_point> last_sent_;  // of the last minute
    std::uint32_t failures_in_a_row_ = 0;
    std::uint32_t refusals_in_a_row_ = 0;
    std::string refusal_;
    std::uint64_t requests_ = 0;
    std::optional<time_point> unconnected_since_;
};

}  // namespace baseload
