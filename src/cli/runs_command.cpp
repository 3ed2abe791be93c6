#include "baseload/config/job_file.hpp"
#include "baseload/report/run_history.hpp"
#include "commands.hpp"
#include "print.hpp"
#include "recorded_runs.hpp"

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
    recorded_runs runs = runs_of(job.journal);
    if (a.run) {
        runs.all = {runs.numbered(*a.run, a.job)};
    }
    // Several lines of JSON: print_json() is for one.
    print_text(a.json ? json_fit_to_show(history_json(runs.all)) : history_text(runs.all, runs.under_way));
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
