#include "baseload/journal/journal.hpp"
#include "baseload/report/export_csv.hpp"

#include "baseload/config/job_file.hpp"
#include "baseload/core/command_error.hpp"
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

// Streamed row by row, so that a journal of any size can be exported.
exit_code export_journal(const arguments& a) {
    const settings job = read_job(a.job);
    // To read only: a run that holds the journal is not disturbed, and an export can be made meanwhile.
    const auto known = open_journal_to_read(job.journal);
    if (a.json) {
        // Not through print.hpp: the file must hold each key as it is. What a spreadsheet would run is made text there.
        write_export_json(*known, std::cout);
    } else {
        write_export_csv(*known, std::cout);
    }
    // std::cout reports a full disk or a closed pipe only now, and main() looks at stdio's stdout alone.
    std::cout.flush();
    if (!std::cout) {
        throw command_error(exit_code::stopped,
                            "the export was cut short: standard output is closed, or its disk full");
    }
    return exit_code::success;
}

}  // namespace

void add_export_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("export", "The journal as CSV: key, state, crm_client_id, changed, note");
    c.example("baseload export shop.toml > journal.csv");
    c.option("JOB", a->job, "The job (.toml)").required();
    c.flag("--json", a->json, "A JSON object an entry, one a line");
    c.run([a] { return export_journal(*a); });
}

}  // namespace baseload
