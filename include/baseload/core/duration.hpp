#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace baseload {

// Reads "500ms", "30s", "10m", "2h": a whole number and one unit. Nothing else.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// "850 ms", "12 s", "3 min 05 s", "2 h 10 min": for people.
[[nodiscard]] std::string show_duration(std::chrono::milliseconds d);

// "2026-03-01T02:15:00Z"
[[nodiscard]] std::string show_time(std::chrono::sys_time<std::chrono::milliseconds> t);

// "2022-05-03 17:15:34 +02:00": as the log's lines begin, for what people read beside them.
[[nodiscard]] std::string show_local_time(std::chrono::sys_time<std::chrono::milliseconds> t);

}  // namespace baseload
