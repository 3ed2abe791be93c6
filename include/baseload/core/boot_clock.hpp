#pragma once

#include <chrono>
#include <string>

namespace baseload {

// Time since the machine started, asleep or not: one reading for all processes, and no
// step when somebody sets the clock. Readings of two boots do not compare: boot_id() tells.
struct boot_clock {
    using duration = std::chrono::milliseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<boot_clock>;
    static constexpr bool is_steady = true;

    [[nodiscard]] static time_point now();
};

// Linux: /proc/sys/kernel/random/boot_id. Empty where there is none.
[[nodiscard]] std::string boot_id();

}  // namespace baseload
