#pragma once

#include "baseload/core/command_error.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>

namespace baseload {

// Throws command_error(usage) for what is no duration.
inline std::chrono::milliseconds duration_option(const std::string& option, const std::string& text) {
    const auto parsed = parse_duration(text);
    if (!parsed) {
        throw command_error(exit_code::usage, fmt::format("{} {} is no duration; write it like 20ms, 30s, 10m or 2h",
                                                          option, in_quotes(text)));
    }
    return *parsed;
}

}  // namespace baseload
