#pragma once

#include "baseload/core/exit_code.hpp"
#include "baseload/report/summary_report.hpp"
#include "job_run.hpp"

#include <optional>
#include <string>
#include <vector>

namespace baseload {

// The files that a run leaves beside the rejects; a blank path: none.
struct run_files {
    std::string summary;
    std::string report;
    std::string metrics;
    std::string log;  // only to be held against the others
};

// They are opened before the run, so that a wrong path sends nothing, and written after it.
class run_outputs {
public:
    // Throws command_error(usage), also where one of them would overwrite what a job reads.
    run_outputs(const run_files& files, const std::vector<job_to_run>& jobs);

    // Throws command_error(stopped).
    void write(const std::vector<job_result>& results, const std::vector<job_to_run>& jobs);

private:
    std::optional<run_file> summary_;
    std::optional<run_file> report_;
    std::optional<run_file> metrics_;
    std::string metrics_path_;
};

// The summary of one job; of several an object with all of them.
[[nodiscard]] std::string results_json(const std::vector<job_result>& results);

// Several jobs in a table, and why those ended early that did. `quiet`: those alone that need a person.
[[nodiscard]] std::string results_text(const std::vector<job_result>& results, bool quiet);

[[nodiscard]] exit_code worst_of(const std::vector<job_result>& results);

}  // namespace baseload
