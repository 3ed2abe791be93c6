#pragma once

#include "baseload/core/duration.hpp"
#include "baseload/core/stop.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>

namespace baseload {

// Throws stop(usage) for what is no duration.
inline std::chrono::milliseconds duration_option(const std::string& option, const std::string& text) {
    const auto parsed = parse_duration(text);
    if (!parsed) {
        throw stop(exit_code::usage,
                   fmt::format("{} {} is no duration; write it like 20ms, 30s, 10m or 2h", option, in_quotes(text)));
    }
    return *parsed;
}

}  // namespace baseload
