#pragma once

#include "baseload/core/command_error.hpp"

#include <cstdint>
#include <functional>

namespace baseload {

// How often a pass asks whether it may go on. The question polls the event loop for signals: at this distance it costs
// nothing and is asked many times a second.
inline constexpr std::uint64_t rows_between_questions = 4096;

// Throws command_error(stopped) where the answer is no. Only for passes that send nothing.
inline void throw_unless(const std::function<bool()>& keep_going) {
    if (!keep_going()) {
        throw command_error(exit_code::stopped, "stopped while the source was checked; nothing was sent");
    }
}

}  // namespace baseload
