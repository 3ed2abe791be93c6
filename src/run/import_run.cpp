#include "baseload/run/import_run.hpp"

#include "account_session.hpp"
#include "baseload/core/stop.hpp"
#include "baseload/core/text.hpp"
#include "baseload/run/open_source.hpp"
#include "importer.hpp"
#include "job_journal.hpp"
#include "missing_clients.hpp"
#include "name_lookup.hpp"
#include "source_guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <limits>

namespace baseload {
namespace {

bool needs_second_pass(const survey& found) {
    return std::any_of(found.rows.begin(), found.rows.end(), [](row_need n) { return n != row_need::nothing; });
}

exit_code code_of(const run_summary& summary, const stop_request& wish) {
    if (wish.requested()) {
        return wish.code();
    }
    if (summary.rows.of(outcome::not_reached) > 0) {
        return exit_code::stopped;
    }
    const bool needs_a_person = summary.rows.of(outcome::rejected) > 0 || summary.rows.of(outcome::in_doubt) > 0 ||
                                summary.doubtful_elsewhere > 0 || summary.missing.refused || summary.missing.failed > 0;
    return needs_a_person ? exit_code::incomplete : exit_code::success;
}

// In doubt in the journal, but for keys that this source does not have.
std::uint64_t doubtful_elsewhere(journal& known, const run_summary& summary) {
    const std::uint64_t all = known.doubtful_keys().size();
    return all - std::min(all, summary.keys_in_doubt);
}

void run_second_pass(const import_parts& parts, const run_options& options, run_summary& summary) {
    if (!needs_second_pass(parts.found) && parts.known.doubtful_keys().empty()) {
        summary.rows.add(outcome::unchanged, parts.found.rows.size());
        return;
    }
    const std::uint64_t most_rejections = options.max_errors ? options.max_errors->of(parts.found.rows.size())
                                                             : std::numeric_limits<std::uint64_t>::max();
    importer second(parts, options, most_rejections, summary);
    try {
        second.run();
    } catch (const std::exception& failure) {
        // Most likely the journal. What was under way is accounted for by what is on disk.
        parts.account.wish().request(exit_code::stopped, failure.what());
        second.settle_unanswered();
    }
    parts.account.io().stop();
}

// Where the first pass alone found too many faults: the second finds them all, and sends nothing.
void stop_for_errors(const forecast& f, const run_options& options, stop_request& wish) {
    if (options.max_errors && f.rejects > options.max_errors->of(f.records)) {
        wish.request(exit_code::stopped,
                     fmt::format("{} of {} to be rejected, more than --max-errors allows; nothing was sent: mend the "
                                 "source and run again",
                                 grouped(f.rejects), counted(f.records, "row")));
    }
}

// After the rows; a stop leaves it to the next run.
void settle_missing_clients(const import_parts& parts, run_summary& summary) {
    if (summary.partial || parts.account.wish().requested()) {
        return;
    }
    try {
        summary.missing = settle_missing(parts.job, parts.found, parts.account, parts.known);
    } catch (const std::exception& failure) {
        parts.account.wish().request(exit_code::stopped, failure.what());
    }
    summary.requests = parts.account.line().requests();
    if (summary.missing.count > 0) {
        parts.observer.missing(summary.missing);
    }
}

void end_run(journal& known, const stop_request& wish, run_summary& summary) {
    // Rows that were never read, since the run stopped before.
    summary.rows.add(outcome::not_reached, summary.records - std::min(summary.records, summary.rows.total()));
    summary.stopped_because = wish.reason();
    if (!wish.requested() && summary.rows.of(outcome::not_reached) > 0) {
        summary.stopped_because = "some requests failed again and again; a rerun sends them";
    }
    summary.finished = wall_now();
    try {
        summary.doubtful_elsewhere = doubtful_elsewhere(known, summary);
        summary.code = code_of(summary, wish);
        known.end_run(summary);
    } catch (const stop& failure) {
        // The journal is what failed: what the run did is told all the same.
        summary.code = exit_code::stopped;
        if (summary.stopped_because.empty()) {
            summary.stopped_because = failure.what();
        }
    }
}

}  // namespace

std::uint64_t error_allowance::of(std::uint64_t records) const {
    return share ? static_cast<std::uint64_t>(*share * static_cast<double>(records)) : rows;
}

plan_options plan_options_of(const settings& job, const run_options& options) {
    return {.retry_refused = options.retry_rejected,
            .recreate_deleted = job.account.on_deleted == deleted_policy::recreate};
}

run_summary run_import(const settings& given, const run_options& options, run_observer& observer) {
    const token secret = read_token(given.account);
    const auto known = open_job_journal(given, options.same_keys);
    account_session account(given, secret);
    if (options.max_runtime) {
        account.stop_after(*options.max_runtime);
    }
    const std::unique_ptr<record_source> opened = open_source(given.source);
    const record_source& source = *opened;
    const settings job = look_up_names(given, account, *known);
    const std::vector<std::string> header = source.read()->header();
    const mapper map(job, header, source.name());
    observer.opened(source, header);
    const survey found =
        make_survey(source, map, *known, plan_options_of(job, options), [&] { return account.keep_going(); });
    run_summary summary;
    summary.job = job.job.string();
    summary.source = source.name();
    summary.account = job.account.name;
    summary.started = wall_now();
    summary.records = found.rows.size();
    summary.partial = is_rejects_header(header);
    if (!summary.partial) {
        guard_against_cut_off_source(job, source.name(), summary.records, *known);
    }
    const forecast ahead = foresee(found, job, account.line().requests());
    observer.foreseen(ahead);
    if (found.similar_keys > 0) {
        observer.similar(found.similar, found.similar_keys);
    }
    stop_for_errors(ahead, options, account.wish());

    summary.run = known->begin_run(summary.source, summary.started);
    const import_parts parts{job, source, map, found, account, *known, observer};
    run_second_pass(parts, options, summary);
    settle_missing_clients(parts, summary);
    end_run(*known, account.wish(), summary);
    return summary;
}

}  // namespace baseload
