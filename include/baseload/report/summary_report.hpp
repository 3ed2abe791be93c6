#pragma once

#include "baseload/core/summary.hpp"
#include "baseload/report/output_file.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// A table for people, several lines.
[[nodiscard]] std::string summary_text(const run_summary& summary);

// The commands by which a person settles a create in doubt, ready to be copied: words are quoted for the shell.
[[nodiscard]] std::vector<std::string> resolve_commands(const run_summary& summary, const doubtful_create& d);

// One JSON object on one line, as config/run.schema.json has it. Counts are numbers, times ISO 8601 in UTC, durations
// milliseconds; the outcomes add up to "records".
[[nodiscard]] std::string summary_json(const run_summary& summary);

// The same of a run of the history, which may have been undone, or have no end.
[[nodiscard]] std::string run_json(const run_summary& summary, bool has_ended, bool is_undone);

// Several jobs, and the worst of their exit codes.
[[nodiscard]] std::string summaries_json(const std::vector<run_summary>& jobs, exit_code worst);

// What a run leaves beside the journal: its summary, its report. Written whole or not at all (output_file), and begun
// before the run, so that a path that cannot be written is known then: throws command_error(usage), and
// command_error(stopped) when writing fails afterwards.
class run_file {
public:
    // `what`: "the summary"; `option`: the one that names it.
    run_file(std::filesystem::path path, std::string what, std::string option);

    void write(std::string_view text);

private:
    std::filesystem::path path_;
    std::string what_;
    std::string option_;
    output_file out_;
};

}  // namespace baseload
