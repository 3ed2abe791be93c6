#include "baseload/config/job_file.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/report/progress_text.hpp"
#include "baseload/report/summary_report.hpp"
#include "commands.hpp"
#include "print.hpp"
#include "recorded_runs.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace baseload {
namespace {

namespace json = boost::json;

struct arguments {
    std::string job;
    bool json = false;
};

json::object progress_json(const progress& p) {
    json::object rows;
    for (int i = 0; i < outcome_kinds; ++i) {
        std::string name(outcome_name(static_cast<outcome>(i)));
        std::replace(name.begin(), name.end(), ' ', '_');
        rows[name] = p.rows.of(static_cast<outcome>(i));
    }
    return {{"started", show_time(p.started)},
            {"phase", p.is_sending ? "sending" : "reading"},
            {"records", p.records},
            {"outcomes", std::move(rows)},
            {"requests", p.requests},
            {"requests_to_go", p.requests_to_go},
            {"requests_last_minute", p.requests_last_minute},
            {"limit", p.limit},
            {"through_at", show_time(wall_now() + p.to_go)},
            {"blocked_until", p.blocked_until ? json::value(show_time(*p.blocked_until)) : json::value(nullptr)}};
}

// Of all that are at work: shards of one run.
std::optional<progress> progress_of(const std::vector<journal_holder>& holders) {
    std::optional<progress> all;
    for (const journal_holder& holder : holders) {
        if (holder.is_run()) {
            all = all ? together(*all, holder.so_far) : holder.so_far;
        }
    }
    return all;
}

json::array holders_json(const std::vector<journal_holder>& holders) {
    json::array all;
    for (const journal_holder& holder : holders) {
        json::object one = progress_json(holder.so_far);
        one["holder"] = holder.who;
        one["shard"] = holder.part.is_whole() ? json::value(nullptr) : json::value(holder.part.text());
        all.push_back(std::move(one));
    }
    return all;
}

std::string holders_text(const std::vector<journal_holder>& holders) {
    std::string text;
    for (const journal_holder& holder : holders) {
        // Of a run that has one program its progress stands above.
        const std::string so_far = holder.part.is_whole() ? "" : ": " + progress_text(holder.so_far, wall_now());
        text += fmt::format("  {}{}\n", holder.who, so_far);
    }
    return text;
}

// Looks, and asks nobody: the run that is under way writes down how far it is.
exit_code show_status(const arguments& a) {
    const settings job = read_job(a.job);
    const std::vector<journal_holder> holders = holders_of(job.journal);
    const std::optional<progress> now = progress_of(holders);
    std::optional<run_record> last;
    if (journal_exists(job.journal)) {
        const recorded_runs runs = runs_of(job.journal);
        if (const run_record* found = runs.last()) {
            last = *found;
        }
    }
    if (a.json) {
        json::object all;
        all["running"] = now ? json::value(progress_json(*now)) : json::value(nullptr);
        all["programs"] = holders_json(holders);
        all["last"] = last ? json::parse(run_json(last->summary, last->ended, last->undone)) : json::value(nullptr);
        print_json(json::serialize(all));
        return exit_code::success;
    }
    if (now) {
        print_text(
            fmt::format("under way since {}: {}\n", show_local_time(now->started), progress_text(*now, wall_now())) +
            holders_text(holders));
    } else {
        print_text(holders.empty()
                       ? "no run is under way\n"
                       : "no run is under way; another command holds the journal:\n" + holders_text(holders));
    }
    if (!last) {
        print_text("no run has ended yet\n");
    } else if (last->ended) {
        print_text(fmt::format("the last one ended {} with exit code {}\n{}", show_local_time(last->summary.finished),
                               static_cast<int>(last->summary.code), summary_text(last->summary)));
    } else {
        const char* others = job.journal.is_file() ? "" : ", or one of its shards is still to come";
        print_text(
            fmt::format("run {}, begun {}, did not end: it was killed{}; the next run looks up what it had under "
                        "way\n",
                        last->summary.run, show_local_time(last->summary.started), others));
    }
    return exit_code::success;
}

}  // namespace

void add_status_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("status", "The run that is under way, or how the last one ended");
    c.example("baseload status shop.toml");
    c.option("JOB", a->job, "The job (.toml)").required();
    c.flag("--json", a->json, "As JSON");
    c.run([a] { return show_status(*a); });
}

}  // namespace baseload
