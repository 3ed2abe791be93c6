#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/core/summary.hpp"
#include "baseload/import/run_options.hpp"
#include "baseload/journal/run_history.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

// What `run` was asked to do, with each of its jobs.
struct run_request {
    std::vector<std::string> sources;  // in place of a job's own
    bool is_full = false;              // they have all rows
    run_options options;
    std::optional<double> max_missing;
    std::string rejects;  // a path, with {job} and {date} for what they say; blank: none
    bool rehearse = false;
    bool quiet = false;
    bool asks = false;        // before the first run of a journal
    bool is_of_many = false;  // what is said names the job
};

// A job's file, and the job where it can be read.
struct job_to_run {
    std::string file;
    std::optional<settings> job;  // its source's paths may be patterns
    std::optional<command_error> refusal;
    std::string rejects;  // its rejects file; blank: none
};

// What became of a job. One that was refused has a summary too.
struct job_result {
    run_summary summary;
    std::optional<command_error> refusal;  // it was not begun
    std::optional<command_error> failure;  // it was run, and a file of it could not be written
};

// Reads the job. Does not throw command_error: `refusal` has it.
[[nodiscard]] job_to_run read_job_to_run(const std::string& file, const run_request& request);

// Gives each its rejects file. {job} is the job's name, with its folders where several have the same.
void name_rejects(std::vector<job_to_run>& jobs, const run_request& request);

// From the source to the rejects file. Does not throw command_error: the result has it. `given` is changed: where it is
// rehearsed, it points to the rehearsal's journal from then on.
[[nodiscard]] job_result run_one_job(job_to_run& given, const run_request& request);

// All of them, so many at a time, each on a thread of its own with its own account's limit. The results are in the
// order of the jobs. Once a signal has come no further one is begun.
[[nodiscard]] std::vector<job_result> run_all_jobs(std::vector<job_to_run>& jobs, const run_request& request,
                                                   std::size_t at_a_time);

// With --quiet, where another host does the work: of several that start a job, one runs, and no person is needed.
[[nodiscard]] bool is_done_elsewhere(const job_to_run& given, const job_result& result, const run_request& request);

// What monitoring reads of a run that was refused before it began.
[[nodiscard]] job_result refused(const job_to_run& given, const run_request& request, wall_time started,
                                 const command_error& reason);

}  // namespace baseload
