#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "baseload/report/summary_report.hpp"
#include "baseload/source/source_files.hpp"
#include "commands.hpp"
#include "duration_option.hpp"
#include "job_run.hpp"
#include "log.hpp"
#include "print.hpp"
#include "run_results.hpp"
#include "shard_option.hpp"
#include "whole_number.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace baseload {
namespace {

struct arguments {
    std::string job;
    std::vector<std::string> rest;  // sources, or further jobs
    std::string summary;
    std::string rejects;
    std::string report;
    std::string metrics;
    std::string log_format = "text";
    std::string log_level = "info";
    std::string log_file;
    std::string max_errors;
    std::string max_missing;
    std::string max_runtime;
    std::optional<std::string> limit_rows;
    std::optional<std::string> shard;
    std::optional<std::uint64_t> parallel;
    bool retry_rejected = false;
    bool same_keys = false;
    bool same_account = false;
    bool first_run = false;
    bool accept_journal = false;
    bool new_keys = false;
    bool full = false;
    bool rehearse = false;
    bool yes = false;
    bool quiet = false;
    bool json = false;
};

// "5%" is judged against the rows of the source, "100" as it stands.
error_allowance allowance_of(const std::string& text) {
    if (const auto share = parse_share(text)) {
        return {.rows = 0, .share = share};
    }
    // 0 is a number of rows too: the first rejected one then stops the run.
    const auto rows = whole_number(text);
    if (!rows) {
        throw command_error(exit_code::usage,
                            fmt::format("--max-errors {} is neither a number of rows nor a share; write 100 "
                                        "or 5%",
                                        in_quotes(text)));
    }
    return {.rows = *rows, .share = {}};
}

std::uint64_t limit_of(const std::string& text) {
    const auto rows = whole_number(text);
    if (!rows) {
        throw command_error(exit_code::usage,
                            fmt::format("--limit-rows {} is no number of rows; write 20", in_quotes(text)));
    }
    return *rows;
}

double max_missing_of(const std::string& text) {
    const auto share = parse_share(text);
    if (!share) {
        throw command_error(exit_code::usage, fmt::format("--max-missing {} is no share; write 5%", in_quotes(text)));
    }
    return *share;
}

run_options options_of(const arguments& a) {
    run_options options{.retry_rejected = a.retry_rejected,
                        .same_keys = a.same_keys,
                        .same_account = a.same_account,
                        .first_run = a.first_run,
                        .accept_journal = a.accept_journal,
                        .new_keys = a.new_keys,
                        .part = a.shard ? shard_option(*a.shard) : shard{},
                        .limit_rows = {},
                        .max_errors = {},
                        .max_runtime = {}};
    if (a.limit_rows) {
        options.limit_rows = limit_of(*a.limit_rows);
    }
    if (!a.max_errors.empty()) {
        options.max_errors = allowance_of(a.max_errors);
    }
    if (!a.max_runtime.empty()) {
        options.max_runtime = duration_option("--max-runtime", a.max_runtime);
    }
    return options;
}

bool is_job(const std::string& argument) {
    return argument.ends_with(".toml");
}

// JOB and what stands behind it: several jobs, or one with the sources to read in place of its own.
std::vector<std::string> job_files_of(const arguments& a) {
    std::vector<std::filesystem::path> patterns = {a.job};
    const auto jobs = static_cast<std::size_t>(std::count_if(a.rest.begin(), a.rest.end(), is_job));
    if (jobs > 0 && jobs < a.rest.size()) {
        throw command_error(exit_code::usage, "there are jobs (.toml) and sources behind the first job: name several "
                                              "jobs, or one job and the sources to read in place of its own");
    }
    if (jobs > 0) {
        patterns.insert(patterns.end(), a.rest.begin(), a.rest.end());
    }
    // Each once; "jobs/*.toml" in quotes too, as cron has it.
    const std::vector<std::filesystem::path> found = find_source_files(patterns, {}).paths();
    if (found.empty()) {
        throw command_error(exit_code::usage, fmt::format("{}: there is no such job", a.job));
    }
    std::vector<std::string> files;
    for (const std::filesystem::path& file : found) {
        files.push_back(file.string());
    }
    return files;
}

run_request request_of(const arguments& a, bool is_of_many) {
    run_request request{.sources = is_of_many ? std::vector<std::string>{} : a.rest,
                        .is_full = a.full,
                        .options = options_of(a),
                        .max_missing = {},
                        .rejects = a.rejects,
                        .rehearse = a.rehearse,
                        .quiet = a.quiet,
                        // Never where nobody could answer.
                        .asks = !a.yes && ::isatty(STDIN_FILENO) != 0 && ::isatty(STDERR_FILENO) != 0,
                        .is_of_many = is_of_many};
    if (!a.rest.empty() && is_job(a.rest.front())) {
        request.sources.clear();
    }
    if (!a.max_missing.empty()) {
        request.max_missing = max_missing_of(a.max_missing);
    }
    if (a.rehearse && !request.options.part.is_whole()) {
        throw command_error(exit_code::usage, "--rehearse has a journal of its own, in which there are no other "
                                              "shards; rehearse without --shard");
    }
    if (is_of_many && !a.rejects.empty() && a.rejects.find("{job}") == std::string::npos) {
        throw command_error(exit_code::usage, fmt::format("--rejects {} names one file for several jobs; write {{job}} "
                                                          "in it: --rejects 'rejects-{{job}}.csv'",
                                                          in_quotes(a.rejects)));
    }
    return request;
}

exit_code run(const arguments& a) {
    log_options log{.is_json = a.log_format == "json", .is_debug = a.log_level == "debug"};
    set_log_up(log, a.quiet);
    // Before a job is read and anything is opened: options are wrong without looking at a file.
    static_cast<void>(options_of(a));
    const std::vector<std::string> files = job_files_of(a);
    const run_request request = request_of(a, files.size() > 1);
    const wall_time started = wall_now();
    std::vector<job_to_run> jobs;
    for (const std::string& file : files) {
        jobs.push_back(read_job_to_run(file, request));
    }
    const bool is_one = jobs.size() == 1;
    std::optional<run_outputs> outputs;
    try {
        name_rejects(jobs, request);
        outputs.emplace(run_files{a.summary, a.report, a.metrics, a.log_file}, jobs);
        // Once it is known to be none of the jobs' files.
        log.file = a.log_file;
        set_log_up(log, a.quiet);
    } catch (const command_error& refusal) {
        if (a.json) {
            std::vector<job_result> results;
            for (const job_to_run& job : jobs) {
                results.push_back(refused(job, request, started, job.refusal.value_or(refusal)));
            }
            print_json(results_json(results));
        }
        // What is wrong with the only job is more than a path.
        throw command_error(is_one ? jobs.front().refusal.value_or(refusal) : refusal);
    }
    const auto at_a_time = static_cast<std::size_t>(a.parallel.value_or(1));
    const std::vector<job_result> results = run_all_jobs(jobs, request, at_a_time);
    const job_result& first = results.front();
    // A run under way writes its own files. Else last night's must not be taken for today's.
    if (!is_one || first.summary.code != exit_code::journal_busy) {
        outputs->write(results, jobs);
    }
    if (a.json) {
        print_json(results_json(results));
    } else if (!is_one) {
        print_text(results_text(results, a.quiet));
        // --quiet is for cron, which sends a mail for every line: a run without a fault prints none.
    } else if (first.summary.run > 0 && (!a.quiet || first.summary.code != exit_code::success)) {
        print_text(summary_text(first.summary));
    }
    if (is_one && is_done_elsewhere(jobs.front(), first, request)) {
        return exit_code::journal_busy;
    }
    if (is_one && (first.refusal || first.failure)) {
        throw command_error(first.refusal ? *first.refusal : *first.failure);
    }
    return worst_of(results);
}

}  // namespace

void add_run_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("run", "Import: create new clients, send changed fields, leave the rest alone");
    c.example("baseload run shop.toml --rejects rejects.csv");
    c.option("JOB", a->job, "The job (.toml)").required();
    c.option("SOURCE", a->rest,
             "Files in place of the job's own, with a part of its rows (- is standard input); or more jobs");
    c.option("--parallel", a->parallel, "Of several jobs, run so many at a time; one after the other unless given")
        .positive()
        .value_name("N");
    c.flag("--full", a->full, "SOURCE has all rows: who is not in it is missing");
    c.option("--summary", a->summary, "Write the summary as JSON to this file").value_name("FILE.json");
    c.option("--rejects", a->rejects,
             "Write the rejected rows, with reasons, to this file, .csv or .xlsx; its name may have {job}, {date}")
        .value_name("FILE");
    c.option("--report", a->report, "Write a report for people to this file").value_name("FILE.html");
    c.option("--metrics", a->metrics, "Write metrics for node_exporter's textfile collector").value_name("FILE.prom");
    c.option("--limit-rows", a->limit_rows, "Send so many creates and updates and no more: a first careful run")
        .value_name("N");
    c.option("--shard", a->shard,
             "Only the K-th of N shards of the keys, beside programs with the others; env: as Kubernetes numbers an "
             "indexed job's pods")
        .value_name("K/N|env");
    c.option("--max-errors", a->max_errors, "Stop when more rows than this are rejected").value_name("N|P%");
    c.option("--max-missing", a->max_missing, "This once, in place of [missing] max_missing").value_name("P%");
    c.option("--max-runtime", a->max_runtime, "Stop cleanly after this time, e.g. 2h; a rerun goes on")
        .value_name("TIME");
    c.flag("--retry-rejected", a->retry_rejected, "Send again what the service refused before");
    c.flag("--same-keys", a->same_keys, "The key's columns are called otherwise now; the keys are the same");
    c.flag("--first-run", a->first_run, "The clients that the account has already are others than the source's");
    c.flag("--new-keys", a->new_keys, "New keys are meant as they stand, however like known ones they are");
    c.flag("--accept-journal", a->accept_journal, "The journal lacks nothing, though it seems old, half or unknown");
    c.flag("--same-account", a->same_account, "The token is this account's, whatever its clients show");
    c.flag("--rehearse", a->rehearse,
           "Import into a sandbox of its own, at full speed: the account and the journal are left alone");
    c.flag("--yes", a->yes, "Do not ask before the first run of a journal");
    c.flag("--quiet", a->quiet, "Print only what needs a person");
    c.flag("--json", a->json, "Print the summary as JSON");
    c.option("--log-format", a->log_format, "json: an object a line").one_of({"text", "json"}).value_name("text|json");
    c.option("--log-level", a->log_level, "debug: with the cells of rejected rows, which are personal data")
        .one_of({"info", "debug"})
        .value_name("info|debug");
    c.option("--log-file", a->log_file, "Log to this file too; it is rotated at 10 MB, four old ones are kept")
        .value_name("FILE");
    c.footer("Exit codes: 0 everything is in; 1 some rows were rejected or are in doubt; 2 wrong usage, job or source\n"
             "(nothing was sent); 3 stopped before the end, a rerun goes on; 4 the account refused; 75 another run\n"
             "holds the journal.");
    c.run([a] { return run(*a); });
}

}  // namespace baseload
