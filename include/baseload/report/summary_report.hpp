#pragma once

#include "baseload/core/summary.hpp"

#include <filesystem>
#include <string>

namespace baseload {

// A table for people, several lines.
[[nodiscard]] std::string summary_text(const run_summary& summary);

// One JSON object on one line. Counts are numbers, times ISO 8601 in UTC, durations
// milliseconds; the outcomes add up to "records".
[[nodiscard]] std::string summary_json(const run_summary& summary);

// Writes the JSON to `path` whole or not at all. Throws stop(stopped).
void write_summary(const run_summary& summary, const std::filesystem::path& path);

} // namespace baseload
