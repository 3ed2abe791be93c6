#include "baseload/import/import_run.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/termination.hpp"
#include "baseload/core/text.hpp"
#include "baseload/core/wall_clock.hpp"
#include "baseload/session/job_session.hpp"
#include "baseload/session/name_lookup.hpp"
#include "baseload/survey/first_pass.hpp"
#include "baseload/survey/open_source.hpp"
#include "first_create.hpp"
#include "importer.hpp"
#include "missing_clients.hpp"
#include "summary_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace baseload {
namespace {

// False for an unchanged file: then no row is mapped again, and no connection is opened for rows.
bool needs_second_pass(const survey& found) {
    return std::any_of(found.rows.begin(), found.rows.end(), [](row_need n) {
        return n != row_need::nothing && n != row_need::skipped && n != row_need::elsewhere;
    });
}

// A stop comes first: a run that did not end is never "incomplete", whatever was rejected (core/exit_code.hpp).
exit_code code_of(const run_summary& summary, const stop_signal& stop) {
    if (stop.requested()) {
        return stop.code();
    }
    if (summary.rows.of(outcome::not_reached) > summary.left_to_go) {
        return exit_code::stopped;
    }
    const bool needs_a_person = summary.rows.of(outcome::rejected) > 0 || summary.rows.of(outcome::in_doubt) > 0 ||
                                summary.doubtful_elsewhere > 0 || summary.missing.refused || summary.missing.failed > 0;
    return needs_a_person ? exit_code::incomplete : exit_code::success;
}

void run_second_pass(const import_parts& parts, const run_options& options, summary_builder& summary) {
    const std::uint64_t rows = parts.first.ahead().records;
    // Doubts of earlier runs are settled even when no row needs anything.
    if (!needs_second_pass(parts.first.found()) && parts.memory.doubtful_keys().empty()) {
        const std::uint64_t skipped = parts.first.ahead().skipped;
        summary.row(outcome::unchanged, rows - skipped);
        summary.row(outcome::skipped, skipped);
        return;
    }
    const std::uint64_t max_rejections =
        options.max_errors ? options.max_errors->of(rows) : std::numeric_limits<std::uint64_t>::max();
    importer second(parts,
                    {.max_rejections = max_rejections,
                     .limit_rows = options.limit_rows.value_or(std::numeric_limits<std::uint64_t>::max())},
                    summary);
    try {
        second.run();
    } catch (const std::exception& failure) {
        // Most likely the journal. What was under way is accounted for by what is on disk.
        parts.session.stop().request(exit_code::stopped, failure.what());
        second.settle_unanswered();
    }
    parts.session.io().stop();
}

// Where the first pass alone found too many faults: the second finds them all, and sends nothing.
void stop_for_errors(const forecast& f, const run_options& options, stop_signal& stop) {
    if (options.max_errors && f.rejects > options.max_errors->of(f.records)) {
        stop.request(
            exit_code::stopped,
            fmt::format("{} of {} to be rejected, more than --max-errors allows; nothing was sent: correct the "
                        "source and run again",
                        grouped(f.rejects), counted(f.records, "row")));
    }
}

// What was read is then not what there is: nobody is missing from it, and it is no measure for later runs.
void stop_if_source_changed(const first_pass& first, stop_signal& stop) {
    for (const record_source* file : first.source().parts()) {
        if (!stop.requested() && file->has_changed()) {
            stop.request(exit_code::stopped, fmt::format("{}: was changed while it was read; what was not reached is "
                                                         "left to the next run",
                                                         file->name()));
        }
    }
}

bool came_to_its_end(const run_summary& s) {
    return (s.code == exit_code::success || s.code == exit_code::incomplete) && s.left_to_go == 0;
}

// After the rows; a stop leaves it to the next run.
void settle_missing_clients(const import_parts& parts, summary_builder& summary) {
    // Of a part of a source nobody is missing: the rows are elsewhere. After a stop not all doubts are settled.
    // Neither where rows are left to another run.
    if (parts.first.is_partial() || parts.session.stop().requested() || summary.so_far().left_to_go > 0) {
        return;
    }
    try {
        summary.missing(settle_missing(parts.first.job(), parts.first.missing(), parts.session, parts.memory));
    } catch (const std::exception& failure) {
        parts.session.stop().request(exit_code::stopped, failure.what());
    }
    take_stock_of(parts.session, summary);
    if (summary.so_far().missing.count + summary.so_far().missing.kept_status > 0) {
        parts.observer.missing(summary.so_far().missing);
    }
}

// Before the run ends in the journal, so that what goes wrong with it stands there too.
void tell_that_it_went_in(stop_signal& stop, const run_summary& so_far, run_observer& observer) {
    const bool has_open = so_far.rows.of(outcome::in_doubt) + so_far.rows.of(outcome::not_reached) > 0;
    if (stop.requested() || has_open || so_far.rows.total() < so_far.records) {
        return;
    }
    if (const std::string problem = observer.went_in(); !problem.empty()) {
        stop.request(exit_code::stopped, problem);
    }
}

// What became of the rows that were never read, since the run stopped before, and why.
void account_for_the_rest(const stop_signal& stop, summary_builder& summary) {
    const run_summary& so_far = summary.so_far();
    summary.row(outcome::not_reached, so_far.records - std::min(so_far.records, so_far.rows.total()));
    const bool gave_up = !stop.requested() && so_far.rows.of(outcome::not_reached) > so_far.left_to_go;
    const bool is_limited = !stop.requested() && !gave_up && so_far.left_to_go > 0;
    // Another shard of the run may have said why it was stopped.
    if (so_far.stopped_because.empty()) {
        summary.stopped(gave_up      ? "some requests failed again and again; a rerun sends them"
                        : is_limited ? fmt::format("--limit-rows is reached, {} more to go; a rerun goes on",
                                                   grouped(so_far.left_to_go))
                                     : stop.reason());
    }
    if (so_far.left_to_go > 0) {
        summary.partial();  // it is no measure for later runs
    }
}

// `end`: tells the journal.
void conclude(journal& j, const stop_signal& stop, summary_builder& summary, const std::function<void()>& end) {
    const run_summary& so_far = summary.so_far();
    const wall_time now = wall_now();
    try {
        summary.finished(now, j.doubtful_keys().size());
        // Of other shards of the run one may have been stopped.
        summary.concluded(worse_of(so_far.code, code_of(so_far, stop)));
        end();
    } catch (const command_error& failure) {
        // What the run did is told all the same. The journal's other doubts are not: it cannot be read, or another run
        // has it, whose creates under way they are.
        summary.finished(now, so_far.keys_in_doubt);
        summary.concluded(exit_code::stopped);
        if (so_far.stopped_because.empty()) {
            summary.stopped(failure.what());
        }
    }
}

// After the rows of a whole run, or of all shards.
void end_run(const import_parts& parts, summary_builder& summary) {
    tell_that_it_went_in(parts.session.stop(), summary.so_far(), parts.observer);
    account_for_the_rest(parts.session.stop(), summary);
    conclude(parts.memory, parts.session.stop(), summary, [&] { parts.memory.end_run(summary.so_far()); });
}

// Of one shard. Whoever ends last judges the run: who is missing, whether the source went in, how it ended.
void end_shard(const import_parts& parts, run_shards& shards, summary_builder& summary) {
    account_for_the_rest(parts.session.stop(), summary);
    std::optional<std::vector<run_summary>> others;
    conclude(parts.memory, parts.session.stop(), summary, [&] {
        if (const auto changes = shards.changes_so_far()) {
            summary.recount(*changes);
        }
        others = shards.end_shard(summary.so_far());
    });
    if (!others) {
        return;
    }
    if (std::all_of(others->begin(), others->end(), came_to_its_end)) {
        settle_missing_clients(parts, summary);
    }
    summary.join(*others);
    end_run(parts, summary);
}

// A run that was refused stands in the history too, where people and monitoring look for it.
void note_refusal(const settings& given, journal& j, wall_time started, const command_error& reason) {
    try {
        run_summary summary;
        summary.source = name_of(given.source);
        summary.finished = wall_now();
        summary.partial = given.source.is_part;
        summary.stopped_because = reason.what();
        summary.code = reason.code();
        summary.run = j.begin_run(summary.source, started);
        j.end_run(summary);
    } catch (const command_error&) {
        // The journal may be what failed; the reason is told all the same.
    }
}

run_summary begun(const first_pass& first, const shard& part, wall_time started) {
    run_summary summary;
    summary.shard = part.is_whole() ? "" : part.text();
    summary.job = first.job().job.string();
    summary.source = first.source().name();
    summary.account = first.job().account.name;
    summary.started = started;
    summary.records = first.ahead().records;
    summary.partial = first.is_partial();
    summary.same_customers = first.found().same_customers_count;
    summary.details.limit = first.job().account.requests_per_minute;
    return summary;
}

}  // namespace

std::uint64_t error_allowance::of(std::uint64_t records) const {
    // A share is rounded down: of 99 rows, 1% allows none.
    return share ? static_cast<std::uint64_t>(*share * static_cast<double>(records)) : rows;
}

namespace {

opening opening_of(const run_options& options) {
    return {.same_keys = options.same_keys,
            .same_account = options.same_account,
            .journal = {.first_run = options.first_run, .accept_journal = options.accept_journal},
            .part = options.part};
}

// A few of the clients that the run would make, for a person to look at.
std::vector<planned_change> sample_creates(const first_pass& first) {
    constexpr std::size_t max_samples = 3;
    std::vector<planned_change> samples;
    const auto reader = first.source().read();
    const auto places = first.source().places();
    const std::vector<row_need>& needs = first.found().rows;
    record row;
    for (std::size_t ordinal = 0; ordinal < needs.size() && samples.size() < max_samples && reader->next(row);
         ++ordinal) {
        if (needs[ordinal] == row_need::create) {
            samples.push_back({places->at(row.line).line, first.map().key_of(row), 0, first.map().map(row).fields});
        }
    }
    return samples;
}

void confirm_first_run(const first_pass& first, journal& j, const stop_signal& stop, run_observer& observer) {
    if (!j.has_history() && first.ahead().creates > 0 && !stop.requested() &&
        !observer.confirms_first_run(first.ahead(), sample_creates(first))) {
        throw_if_termination_requested();
        throw command_error(exit_code::usage, "nothing was sent, as you said");
    }
}

// Before anything is sent, and only where something will be.
void guard_account(job_session& opened, const forecast& ahead, const run_options& options) {
    if (opened.account().stop().requested()) {
        return;
    }
    // Lookups and checks change nothing, and trust nothing that the journal knows; every other request does.
    if (ahead.requests() > ahead.lookups + ahead.checks || !opened.memory().doubtful_keys().empty()) {
        opened.confirm_account();
    }
    // confirm_account may have requested a stop, when the account could not be asked.
    if (ahead.creates > 0 && !opened.account().stop().requested()) {
        guard_first_create(opened, options.first_run);
    }
}

}  // namespace

run_summary run_import(const settings& given, const run_options& options, run_observer& observer) {
    job_session opened(given, opening_of(options));
    account_session& session = opened.account();
    journal& j = opened.memory();
    if (options.max_runtime) {
        session.stop_after(*options.max_runtime);
    }
    // Called by mapped_source, once the source has been opened: a source that is refused costs no request.
    const name_resolution look_up = [&](const settings& job) {
        settings resolved = look_up_names(job, session, j);
        return resolved_job{std::move(resolved), session.health().requests()};
    };
    const wall_time started = wall_now();
    j.tell_progress({.started = started});
    std::optional<first_pass> looked_at;
    try {
        looked_at.emplace(given, look_up, j,
                          first_pass_options{.retry_refused = options.retry_rejected,
                                             .new_keys = options.new_keys,
                                             .asks_account = !options.first_run,
                                             .part = options.part,
                                             .keep_going = [&] { return session.keep_going(); }},
                          observer);
        stop_for_errors(looked_at->ahead(), options, session.stop());
        guard_account(opened, looked_at->ahead(), options);
        confirm_first_run(*looked_at, j, session.stop(), observer);
    } catch (const command_error& refusal) {
        note_refusal(given, j, started, refusal);
        throw;
    }
    const first_pass& first = *looked_at;
    run_summary beginning = begun(first, options.part, wall_now());
    run_shards* const shards = j.shards();
    beginning.run = shards != nullptr ? shards->join_run(beginning.source, first.found().division, beginning.started)
                                      : j.begin_run(beginning.source, beginning.started);
    summary_builder summary(std::move(beginning));
    const import_parts parts{first, session, j, observer, options.same_account};
    run_second_pass(parts, options, summary);
    stop_if_source_changed(first, session.stop());
    if (shards != nullptr) {
        end_shard(parts, *shards, summary);
    } else {
        settle_missing_clients(parts, summary);
        end_run(parts, summary);
    }
    return summary.so_far();
}

}  // namespace baseload
