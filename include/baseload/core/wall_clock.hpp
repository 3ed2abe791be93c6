#pragma once

#include <chrono>

namespace baseload {

// For what people read and other machines compare. It can be set: waits use other clocks.
using wall_time = std::chrono::sys_time<std::chrono::milliseconds>;

[[nodiscard]] inline wall_time wall_now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace baseload
