#include "baseload/config/job_file.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/report/html_report.hpp"
#include "baseload/report/summary_report.hpp"
#include "commands.hpp"
#include "job_source.hpp"
#include "print.hpp"
#include "recorded_runs.hpp"
#include "reported_job.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace baseload {
namespace {

struct arguments {
    std::string job;
    std::optional<std::int64_t> run;
    std::string output;
};

// From the journal alone. It keeps no customer's texts, so what was found in a rejected cell is not there.
exit_code write_report(const arguments& a) {
    const settings job = read_job(a.job);
    refuse_to_overwrite(job, {{"-o", a.output}});
    const recorded_runs runs = runs_of(job.journal);
    const run_record* const found = a.run ? &runs.numbered(*a.run, a.job) : runs.last();
    if (found == nullptr) {
        throw command_error(
            exit_code::usage,
            fmt::format("no run of {} has ended yet; baseload status {} tells of one that is under way", a.job, a.job));
    }
    run_summary summary = found->summary;
    summary.job = summary.job.empty() ? job.job.string() : summary.job;
    summary.details = open_journal_to_read(job.journal)->details_of(summary.run);
    reported_run run = reported(summary, &job);
    run.has_ended = found->ended;
    const std::string page = html_report({run});
    if (a.output.empty()) {
        // A page, and no lines for a terminal: its own text is escaped.
        fmt::print("{}", page);
        return exit_code::success;
    }
    run_file(a.output, "the report", "-o").write(page);
    return exit_code::success;
}

}  // namespace

void add_report_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("report", "The report of a run as an HTML page");
    c.example("baseload report shop.toml -o report.html");
    c.option("JOB", a->job, "The job (.toml)").required();
    c.option("--run", a->run, "This run, and not the last one that ended").value_name("N");
    c.option("-o,--output", a->output, "The file; else standard output").value_name("FILE.html");
    c.run([a] { return write_report(*a); });
}

}  // namespace baseload
