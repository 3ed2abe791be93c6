#pragma once

#include "baseload/core/summary.hpp"
#include "baseload/report/output_file.hpp"

#include <filesystem>
#include <string>

namespace baseload {

// A table for people, several lines.
[[nodiscard]] std::string summary_text(const run_summary& summary);

// One JSON object on one line. Counts are numbers, times ISO 8601 in UTC, durations
// milliseconds; the outcomes add up to "records".
[[nodiscard]] std::string summary_json(const run_summary& summary);

// The JSON in a file, written whole or not at all (output_file). Begun before the run,
// so that a path that cannot be written is known then: throws command_error(usage), and command_error(stopped)
// when writing fails afterwards.
class summary_file {
public:
    explicit summary_file(std::filesystem::path path);

    void write(const run_summary& summary);

private:
    std::filesystem::path path_;
    output_file out_;
};

}  // namespace baseload
