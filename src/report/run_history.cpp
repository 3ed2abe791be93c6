#include "baseload/report/run_history.hpp"

#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "baseload/report/summary_report.hpp"

#include <fmt/format.h>

namespace baseload {
namespace {

// A run without an end was killed, or is still under way: its process tells which.
std::string ending(const run_record& r, bool is_under_way) {
    if (!r.ended && is_under_way) {
        return fmt::format("under way (process {})", r.pid);
    }
    if (!r.ended) {
        return fmt::format("did not end (process {})", r.pid);
    }
    const std::string code = fmt::format("exit {}", static_cast<int>(r.summary.code));
    std::string end = r.undone ? code + ", undone" : code;
    // Of a refused run there was no source.
    if (r.summary.partial && r.summary.code != exit_code::usage) {
        end += ", of a part of the source";
    }
    if (const missing_summary& m = r.summary.missing; m.count > 0) {
        end += fmt::format(", {} missing", grouped(m.count));
        end += m.action == "delete"   ? fmt::format(" ({} deleted)", grouped(m.done))
               : m.action == "status" ? fmt::format(" ({} given the status)", grouped(m.done))
                                      : "";
    }
    return r.summary.stopped_because.empty() ? end : end + ": " + r.summary.stopped_because;
}

}  // namespace

std::string history_text(const std::vector<run_record>& runs, std::int64_t under_way) {
    std::string text =
        // The columns are wide enough for a million rows; more only shift the rest of their line.
        fmt::format("{:>4}  {:<20}  {:>9}  {:>8} {:>8} {:>9} {:>8} {:>8} {:>11} {:>8}  {:>8}  {}\n", "run", "started",
                    "rows", "created", "updated", "unchanged", "rejected", "in doubt", "not reached", "skipped",
                    "requests", "end");
    for (const run_record& r : runs) {
        const tally& rows = r.summary.rows;
        // Of a run that did not end the journal knows its creates alone.
        const auto known = [&](std::uint64_t number) { return r.ended ? std::to_string(number) : std::string("?"); };
        text += fmt::format(
            "{:>4}  {:<20}  {:>9}  {:>8} {:>8} {:>9} {:>8} {:>8} {:>11} {:>8}  {:>8}  {}\n", r.summary.run,
            show_time(r.summary.started), known(r.summary.records), rows.of(outcome::created),
            known(rows.of(outcome::updated)), known(rows.of(outcome::unchanged)), known(rows.of(outcome::rejected)),
            known(rows.of(outcome::in_doubt)), known(rows.of(outcome::not_reached)), known(rows.of(outcome::skipped)),
            known(r.summary.requests), ending(r, r.summary.run == under_way));
    }
    return text;
}

// One object a line, without brackets around all of them: a script reads it as it comes.
std::string history_json(const std::vector<run_record>& runs) {
    std::string text;
    for (const run_record& r : runs) {
        text += run_json(r.summary, r.ended, r.undone) + "\n";
    }
    return text;
}

}  // namespace baseload
