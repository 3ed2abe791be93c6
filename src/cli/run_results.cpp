#include "run_results.hpp"

#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "baseload/report/html_report.hpp"
#include "baseload/report/metrics.hpp"
#include "baseload/source/source_files.hpp"
#include "job_source.hpp"
#include "reported_job.hpp"
#include "text_table.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

namespace baseload {
namespace {

std::vector<run_summary> summaries_of(const std::vector<job_result>& results) {
    std::vector<run_summary> all;
    for (const job_result& result : results) {
        all.push_back(result.summary);
    }
    return all;
}

void open(std::optional<run_file>& file, const std::string& path, const char* what, const char* option) {
    if (!path.empty()) {
        file.emplace(path, what, option);
    }
}

}  // namespace

run_outputs::run_outputs(const run_files& files, const std::vector<job_to_run>& jobs) : metrics_path_(files.metrics) {
    std::vector<std::pair<std::string, std::string>> all = {{"--summary", files.summary},
                                                            {"--report", files.report},
                                                            {"--metrics", files.metrics},
                                                            {"--log-file", files.log}};
    for (const job_to_run& one : jobs) {
        all.emplace_back(jobs.size() == 1 ? "--rejects" : "--rejects of " + one.file, one.rejects);
    }
    // Of each job: one's output may be another's source.
    for (const job_to_run& one : jobs) {
        // Of a job that cannot be read nobody knows its files: the job itself must not be overwritten.
        settings job;
        job.job = std::filesystem::absolute(one.file);
        if (one.job) {
            job = *one.job;
            const source_files sources = find_source_files(job.source.paths, {});
            job.source.paths = sources.paths();
        }
        refuse_to_overwrite(job, all);
    }
    open(summary_, files.summary, "the summary", "--summary");
    open(report_, files.report, "the report", "--report");
    open(metrics_, files.metrics, "the metrics", "--metrics");
}

void run_outputs::write(const std::vector<job_result>& results, const std::vector<job_to_run>& jobs) {
    if (summary_) {
        summary_->write(results_json(results) + "\n");
    }
    if (metrics_) {
        const bool is_new = !std::filesystem::exists(metrics_path_);
        metrics_->write(metrics_text(summaries_of(results)));
        if (is_new) {
            // node_exporter runs as another user, and it holds nobody's data.
            using std::filesystem::perms;
            std::error_code ignored;
            std::filesystem::permissions(metrics_path_, perms::group_read | perms::others_read,
                                         std::filesystem::perm_options::add, ignored);
        }
    }
    if (report_) {
        std::vector<reported_run> runs;
        for (std::size_t i = 0; i < results.size(); ++i) {
            runs.push_back(reported(results[i].summary, jobs[i].job ? &*jobs[i].job : nullptr));
        }
        report_->write(html_report(runs));
    }
}

std::string results_json(const std::vector<job_result>& results) {
    return results.size() == 1 ? summary_json(results.front().summary)
                               : summaries_json(summaries_of(results), worst_of(results));
}

std::string results_text(const std::vector<job_result>& results, bool quiet) {
    std::vector<std::vector<std::string>> rows = {{"job", "rows", "created", "updated", "unchanged", "rejected",
                                                   "in doubt", "not reached", "requests", "time", "exit"}};
    std::string reasons;
    for (const job_result& result : results) {
        const run_summary& s = result.summary;
        if (quiet && s.code == exit_code::success) {
            continue;
        }
        std::vector<std::string> row = {s.job, grouped(s.records)};
        for (const outcome o : {outcome::created, outcome::updated, outcome::unchanged, outcome::rejected,
                                outcome::in_doubt, outcome::not_reached}) {
            row.push_back(grouped(s.rows.of(o)));
        }
        row.push_back(grouped(s.requests));
        row.push_back(show_duration(s.finished - s.started));
        row.push_back(std::to_string(static_cast<int>(s.code)));
        rows.push_back(std::move(row));
        // Why one was refused was said when it was.
        if (!s.stopped_because.empty() && !result.refusal) {
            reasons += fmt::format("{}: {}\n", s.job, s.stopped_because);
        }
    }
    return rows.size() == 1 ? "" : text_table(rows) + reasons;
}

exit_code worst_of(const std::vector<job_result>& results) {
    exit_code worst = exit_code::success;
    const auto consider = [&](exit_code code) { worst = worse_of(worst, code); };
    for (const job_result& result : results) {
        consider(result.summary.code);
        if (result.failure) {
            consider(result.failure->code());
        }
    }
    return worst;
}

}  // namespace baseload
