#include "job_run.hpp"

#include "baseload/core/termination.hpp"
#include "baseload/core/text.hpp"
#include "baseload/import/import_run.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/source/source_files.hpp"
#include "baseload/survey/open_source.hpp"
#include "job_source.hpp"
#include "print.hpp"
#include "rehearsal_service.hpp"
#include "run_console.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <exception>
#include <filesystem>
#include <thread>
#include <utility>

namespace baseload {
namespace {

// Of local time, as people name files.
std::string date_and_time() {
    return fmt::format("{:%Y%m%d-%H%M%S}", fmt::localtime(std::time(nullptr)));
}

void replace_all(std::string& text, std::string_view what, const std::string& by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
}

run_summary begun_summary(const settings& job, wall_time started) {
    run_summary summary;
    summary.job = job.job.string();
    summary.source = name_of(job.source);
    summary.account = job.account.name;
    summary.started = started;
    summary.finished = wall_now();
    return summary;
}

// A drop folder that is empty, or whose files are still being written. Where files are moved away an empty one is what
// there is on most nights; else the pattern is wrong, most likely.
run_summary nothing_to_read(const settings& job, const source_files& files, wall_time started) {
    if (job.source.move_to.empty() && files.unfinished.empty()) {
        throw command_error(exit_code::usage, no_file_text(job, files));
    }
    spdlog::info("{}; nothing to do", no_file_text(job, files));
    run_summary summary = begun_summary(job, started);
    // Of rows whose file is gone; those of a run stay where they are until they are settled.
    try {
        if (journal_exists(job.journal)) {
            summary.doubtful_elsewhere = open_journal_to_read(job.journal)->doubtful_keys().size();
        }
    } catch (const command_error&) {
        // Of an older format, say: the next run that has anything to read tells.
    }
    if (summary.doubtful_elsewhere > 0) {
        summary.code = exit_code::incomplete;
        summary.stopped_because = fmt::format("{} in doubt, and no file has their rows: baseload export lists them, "
                                              "baseload resolve settles them",
                                              counted(summary.doubtful_elsewhere, "key"));
        print_error(fmt::format("{}\n", summary.stopped_because));
    }
    return summary;
}

// What went in to its end. What somebody has written to meanwhile stays where the next run finds it. Returns what went
// wrong.
std::string move_what_went_in(const source_files& files, const std::filesystem::path& folder) {
    const std::string now = date_and_time();
    std::string problems;
    for (const source_file& file : files.found) {
        try {
            if (const auto place = move_aside(file, folder, now)) {
                spdlog::info("{} went in, and is {} now", file.path.string(), place->string());
            } else {
                spdlog::info("{} went in; it is another one now, and stays for the next run", file.path.string());
            }
        } catch (const command_error& failure) {
            problems += (problems.empty() ? "" : "; ") + std::string(failure.what());
        }
    }
    return problems;
}

// Where some files are not read, and others are, nobody counts as missing.
void note_absent_files(settings& job, const source_files& files) {
    for (const std::filesystem::path& file : files.unfinished) {
        spdlog::info("{}: is being written, or was less than [source] settle ago, and is left for the next run",
                     file.string());
    }
    if (!files.unmatched.empty()) {
        spdlog::info("{}: there is no such file, so nobody counts as missing", files.unmatched.front().string());
    }
    if (!files.unfinished.empty() || !files.unmatched.empty()) {
        job.source.is_part = true;
    }
}

// From now on each connection of SQLite is one thread's, and there are several. Only while nothing of it is in use.
void share_sqlite() {
    ::sqlite3_shutdown();
    ::sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    ::sqlite3_initialize();
}

}  // namespace

job_to_run read_job_to_run(const std::string& file, const run_request& request) {
    job_to_run read{.file = file, .job = {}, .refusal = {}, .rejects = {}};
    try {
        settings job = job_with_patterns(file, request.sources, request.is_full);
        job.missing.max_share = request.max_missing.value_or(job.missing.max_share);
        read.job = std::move(job);
    } catch (const command_error& refusal) {
        read.refusal = refusal;
    }
    return read;
}

void name_rejects(std::vector<job_to_run>& jobs, const run_request& request) {
    const std::string now = date_and_time();
    const auto stem_of = [](const job_to_run& one) { return std::filesystem::path(one.file).stem().string(); };
    for (job_to_run& one : jobs) {
        std::string name = stem_of(one);
        const auto namesakes =
            std::count_if(jobs.begin(), jobs.end(), [&](const job_to_run& other) { return stem_of(other) == name; });
        if (namesakes > 1) {
            name = std::filesystem::path(one.file).replace_extension().string();
            std::replace(name.begin(), name.end(), '/', '-');
        }
        one.rejects = request.rejects;
        replace_all(one.rejects, "{job}", name);
        replace_all(one.rejects, "{date}", now);
    }
}

job_result refused(const job_to_run& given, const run_request& request, wall_time started,
                   const command_error& reason) {
    run_summary summary;
    if (given.job) {
        summary = begun_summary(*given.job, started);
    } else {
        summary.job = given.file;
        summary.source = few_names(request.sources);
        summary.started = started;
        summary.finished = wall_now();
    }
    if (!request.options.part.is_whole()) {
        summary.shard = request.options.part.text();
    }
    summary.stopped_because = reason.what();
    summary.code = reason.code();
    return {std::move(summary), reason, {}};
}

bool is_done_elsewhere(const job_to_run& given, const job_result& result, const run_request& request) {
    return request.quiet && given.job && !given.job->journal.is_file() && result.refusal &&
           result.refusal->code() == exit_code::journal_busy;
}

job_result run_one_job(job_to_run& given, const run_request& request) {
    const wall_time started = wall_now();
    if (given.refusal) {
        return refused(given, request, started, *given.refusal);
    }
    settings& job = *given.job;
    std::optional<rehearsal_service> service;  // to the end of the run
    try {
        const source_files files = find_source_files(job.source.paths, job.source.settle);
        if (files.found.empty()) {
            return {nothing_to_read(job, files, started), {}, {}};
        }
        note_absent_files(job, files);
        job.source.paths = files.paths();
        if (request.rehearse) {
            service.emplace(job);
            job = service->pointed_at_it(std::move(job));
            print_error("a rehearsal against a sandbox, with a journal of its own: nothing reaches the account\n");
        }
        const std::filesystem::path folder = request.rehearse ? std::filesystem::path{} : job.source.move_to;
        run_console console({.quiet = request.quiet,
                             .asks = request.asks && !request.rehearse,
                             .limit_rows = request.options.limit_rows,
                             .job = request.is_of_many ? given.file : std::string{},
                             .rejects = given.rejects,
                             .went_in = [&] { return folder.empty() ? "" : move_what_went_in(files, folder); }});
        // Throws where nothing was begun; a run that was begun ends in a summary, whatever stopped it.
        job_result result{run_import(job, request.options, console), {}, {}};
        try {
            console.finish();
        } catch (const command_error& failure) {
            // The run is in the journal by then, so a full disk here loses only the file.
            result.failure = failure;
        }
        return result;
    } catch (const command_error& refusal) {
        return refused(given, request, started, refusal);
        // A fault of the program or of the machine (memory, ICU's data): one job's is not the others'.
    } catch (const std::exception& error) {
        return refused(given, request, started,
                       command_error(exit_code::stopped,
                                     fmt::format("stopped by an unforeseen error ({}); what was recorded is kept, and "
                                                 "a rerun goes on",
                                                 error.what())));
    }
}

std::vector<job_result> run_all_jobs(std::vector<job_to_run>& jobs, const run_request& request, std::size_t at_a_time) {
    std::vector<job_result> results(jobs.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i = next++; i < jobs.size(); i = next++) {
            if (i > 0 && is_termination_requested()) {
                results[i] = refused(
                    jobs[i], request, wall_now(),
                    command_error(exit_code::stopped, fmt::format("{} asked for it; not begun", termination_signal())));
                continue;
            }
            results[i] = run_one_job(jobs[i], request);
            if (request.is_of_many && results[i].refusal && !is_done_elsewhere(jobs[i], results[i], request)) {
                print_error(fmt::format("{}: {}\n", jobs[i].file, results[i].refusal->what()));
            }
        }
    };
    const std::size_t threads = std::min(at_a_time, jobs.size());
    if (threads <= 1) {
        work();
        return results;
    }
    // What the process has once is made before there are threads.
    share_sqlite();
    watch_termination();
    std::vector<std::thread> workers;
    for (std::size_t i = 0; i < threads; ++i) {
        workers.emplace_back(work);
    }
    for (std::thread& worker : workers) {
        worker.join();
    }
    return results;
}

}  // namespace baseload
