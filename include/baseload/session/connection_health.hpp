#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace baseload {

// What all callers of one session know together of the way to the API: how many requests they sent, since when none of
// them is connected, how many failed in a row. Pure.
class connection_health {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit connection_health(std::uint32_t stop_after_failures) : stop_after_failures_(stop_after_failures) {}

    void sent() { ++requests_; }
    [[nodiscard]] std::uint64_t requests() const { return requests_; }

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
    std::uint32_t stop_after_failures_;
    std::uint32_t failures_in_a_row_ = 0;
    std::uint32_t refusals_in_a_row_ = 0;
    std::string refusal_;
    std::uint64_t requests_ = 0;
    std::optional<time_point> unconnected_since_;
};

}  // namespace baseload
