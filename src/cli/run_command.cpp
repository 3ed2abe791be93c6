#include "baseload/core/command_error.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "baseload/import/import_run.hpp"
#include "baseload/report/summary_report.hpp"
#include "baseload/source/source_files.hpp"
#include "baseload/survey/open_source.hpp"
#include "commands.hpp"
#include "duration_option.hpp"
#include "job_source.hpp"
#include "print.hpp"
#include "rehearsal_service.hpp"
#include "run_console.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <ctime>
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
    std::vector<std::string> sources;
    std::string summary;
    std::string rejects;
    std::string max_errors;
    std::string max_missing;
    std::string max_runtime;
    std::optional<std::string> limit_rows;
    bool retry_rejected = false;
    bool same_keys = false;
    bool same_account = false;
    bool first_run = false;
    bool accept_journal = false;
    bool new_keys = false;
    bool full = false;
    bool rehearse = false;
    bool quiet = false;
    bool json = false;
};

std::optional<std::uint64_t> whole_number(const std::string& text) {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [behind, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && behind == end ? std::optional(number) : std::nullopt;
}

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

// What monitoring reads of a run that was refused before it began. `job` is null where it could not be read.
run_summary refusal_of(const arguments& a, const settings* job, wall_time started, const command_error& reason) {
    run_summary summary;
    summary.job = job == nullptr ? a.job : job->job.string();
    summary.source = job == nullptr ? few_names(a.sources) : name_of(job->source);
    summary.account = job == nullptr ? "" : job->account.name;
    summary.started = started;
    summary.finished = wall_now();
    summary.stopped_because = reason.what();
    summary.code = reason.code();
    return summary;
}

// A drop folder that is empty, or whose files are still being written. Where files are moved away an empty one is what
// there is on most nights; else the pattern is wrong, most likely.
exit_code nothing_to_read(const arguments& a, const settings& job, const source_files& files, wall_time started,
                          std::optional<summary_file>& summary_out) {
    if (job.source.move_to.empty() && files.too_young.empty()) {
        throw command_error(exit_code::usage, no_file_text(job, files));
    }
    spdlog::info("{}; nothing to do", no_file_text(job, files));
    run_summary summary;
    summary.job = job.job.string();
    summary.source = name_of(job.source);
    summary.account = job.account.name;
    summary.started = started;
    summary.finished = wall_now();
    if (summary_out) {
        summary_out->write(summary);
    }
    if (a.json) {
        print_json(summary_json(summary));
    }
    return exit_code::success;
}

// What did not go in to its end stays where the next run finds it.
void move_what_went_in(const source_files& files, const std::filesystem::path& folder, run_summary& summary) {
    const bool is_finished = summary.code == exit_code::success || summary.code == exit_code::incomplete;
    if (folder.empty() || !is_finished || summary.left_to_go > 0) {
        return;
    }
    const std::string now = fmt::format("{:%Y%m%d-%H%M%S}", fmt::localtime(std::time(nullptr)));
    for (const source_file& file : files.found) {
        try {
            spdlog::info("{} went in, and is {} now", file.path.string(), move_aside(file, folder, now).string());
        } catch (const command_error& failure) {
            summary.stopped_because += (summary.stopped_because.empty() ? "" : "; ") + std::string(failure.what());
            summary.code = failure.code();
        }
    }
}

exit_code run_job(const arguments& a) {
    // Also for what the rooms below log.
    if (a.quiet) {
        spdlog::set_level(spdlog::level::err);
    }
    // Before the job is read and anything is opened: options are wrong without looking at a file.
    const run_options options = options_of(a);
    const wall_time started = wall_now();
    std::optional<summary_file> summary_out;
    // Opened before the run, so that a wrong path sends nothing.
    const auto open_summary = [&] {
        if (!a.summary.empty()) {
            summary_out.emplace(a.summary);
        }
    };
    run_summary summary;
    std::optional<settings> job;
    std::optional<run_console> console;
    std::optional<rehearsal_service> service;  // to the end of the run
    try {
        job = job_with_patterns(a.job, a.sources, a.full);
        const source_files files = find_source_files(job->source.paths, job->source.settle);
        if (files.found.empty()) {
            open_summary();
            return nothing_to_read(a, *job, files, started, summary_out);
        }
        for (const std::filesystem::path& file : files.too_young) {
            spdlog::info("{}: was written to less than {} ago, and is left for the next run ([source] settle)",
                         file.string(), show_duration(job->source.settle));
        }
        job->source.paths = files.paths();
        if (!a.max_missing.empty()) {
            job->missing.max_share = max_missing_of(a.max_missing);
        }
        refuse_to_overwrite(*job, {{"--rejects", a.rejects}, {"--summary", a.summary}});
        open_summary();
        if (a.rehearse) {
            service.emplace(*job);
            job = service->pointed_at_it(std::move(*job));
            print_error("a rehearsal against a sandbox, with a journal of its own: nothing reaches the account\n");
        }
        console.emplace(a.quiet, a.rejects.empty() ? std::nullopt : std::optional<std::filesystem::path>(a.rejects));
        // Throws where nothing was begun; a run that was begun ends in a summary, whatever stopped it.
        summary = run_import(*job, options, *console);
        if (!a.rehearse) {
            move_what_went_in(files, job->source.move_to, summary);
        }
    } catch (const command_error& refusal) {
        // Of a job that cannot be read nobody knows its files: the job itself is the one that must not be overwritten.
        std::error_code ignored;
        if (!job && !std::filesystem::equivalent(a.summary, a.job, ignored)) {
            open_summary();
        }
        summary = refusal_of(a, job ? &*job : nullptr, started, refusal);
        // A run under way writes its own summary. Else last night's must not be taken for today's.
        if (summary_out && refusal.code() != exit_code::journal_busy) {
            summary_out->write(summary);
        }
        if (a.json) {
            print_json(summary_json(summary));
        }
        throw;
    }
    if (summary_out) {
        summary_out->write(summary);
    }
    if (a.json) {
        print_json(summary_json(summary));
        // --quiet is for cron, which sends a mail for every line: a run without a fault prints none.
    } else if (!a.quiet || summary.code != exit_code::success) {
        print_text(summary_text(summary));
    }
    // Behind the summary, since it names the rejects file last. The run is in the journal by then, so a full disk here
    // loses only the file.
    console->finish();
    return summary.code;
}

}  // namespace

void add_run_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("run", "Import: create new clients, send changed fields, leave the rest alone");
    c.option("JOB", a->job, "The job (.toml)").required();
    c.option("SOURCE", a->sources, "Files in place of the job's own, with a part of its rows; - is standard input");
    c.flag("--full", a->full, "SOURCE has all rows: who is not in it is missing");
    c.option("--summary", a->summary, "Write the summary as JSON to this file").value_name("FILE.json");
    c.option("--rejects", a->rejects, "Write the rejected rows, with reasons, to this file").value_name("FILE.csv");
    c.option("--limit-rows", a->limit_rows, "Send so many creates and updates and no more: a first careful run")
        .value_name("N");
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
    c.flag("--quiet", a->quiet, "Print only what needs a person");
    c.flag("--json", a->json, "Print the summary as JSON");
    c.footer("Exit codes: 0 everything is in; 1 some rows were rejected or are in doubt; 2 wrong usage, job or source\n"
             "(nothing was sent); 3 stopped before the end, a rerun goes on; 4 the account refused; 75 another run\n"
             "holds the journal.");
    c.run([a] { return run_job(*a); });
}

}  // namespace baseload
