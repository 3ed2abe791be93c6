#include "baseload/report/export_csv.hpp"

#include "baseload/config/job_file.hpp"
#include "baseload/core/stop.hpp"
#include "commands.hpp"

#include <iostream>
#include <memory>
#include <string>

namespace baseload {
namespace {

struct arguments {
    std::string job;
    bool json = false;
};

exit_code export_journal(const arguments& a) {
    const settings job = read_job(a.job);
    const auto known = open_journal_to_read(job.journal);
    if (a.json) {
        write_export_json(*known, std::cout);
    } else {
        write_export_csv(*known, std::cout);
    }
    std::cout.flush();
    if (!std::cout) {
        throw stop(exit_code::stopped, "the export was cut short: standard output is closed, or its disk full");
    }
    return exit_code::success;
}

}  // namespace

void add_export_command(CLI::App& app, chosen_command& chosen) {
    const auto a = std::make_shared<arguments>();
    CLI::App* command = app.add_subcommand("export", "The journal as CSV: key, state, crm_client_id, changed, note");
    command->add_option("JOB", a->job, "The job (.toml)")->required();
    command->add_flag("--json", a->json, "A JSON object an entry, one a line");
    command->callback([a, &chosen] { chosen = [a] { return export_journal(*a); }; });
}

}  // namespace baseload
