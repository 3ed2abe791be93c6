#include "baseload/config/job_file.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/report/run_history.hpp"
#include "commands.hpp"
#include "print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace baseload {
namespace {

struct arguments {
    std::string job;
    std::optional<std::int64_t> run;
    bool json = false;
};

exit_code show_runs(const arguments& a) {
    const settings job = read_job(a.job);
    // To read only: a run that is under way is shown too, without an end.
    const auto memory = open_journal_to_read(job.journal);
    std::vector<run_record> runs = memory->runs();
    // Of a run that was killed nobody has written the sums down, but the journal knows whom it created.
    for (run_record& r : runs) {
        if (!r.ended) {
            r.summary.rows.add(outcome::created, memory->created_by(r.summary.run).size());
        }
    }
    // A history is short, so it is read whole.
    if (a.run) {
        std::erase_if(runs, [&](const run_record& r) { return r.summary.run != *a.run; });
        if (runs.empty()) {
            throw command_error(exit_code::usage,
                                fmt::format("the journal {} has no run {}; baseload runs {} lists them",
                                            job.journal.text(), *a.run, a.job));
        }
    }
    // Several lines of JSON: print_json() is for one.
    print_text(a.json ? json_fit_to_show(history_json(runs)) : history_text(runs, !holders_of(job.journal).empty()));
    return exit_code::success;
}

}  // namespace

void add_runs_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("runs", "The history of a job's runs");
    c.example("baseload runs shop.toml");
    c.option("JOB", a->job, "The job (.toml)").required();
    c.option("--run", a->run, "This run alone").value_name("N");
    c.flag("--json", a->json, "A JSON object a run, one a line");
    c.run([a] { return show_runs(*a); });
}

}  // namespace baseload
