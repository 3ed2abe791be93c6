#include "baseload/run/import_run.hpp"

#include "baseload/api/account_state.hpp"
#include "baseload/config/token.hpp"
#include "baseload/core/stop.hpp"
#include "baseload/core/text.hpp"
#include "importer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>

namespace baseload {
namespace {

namespace asio = boost::asio;
// The first signal asks for a stop; the second leaves at once, which is safe, since an
// intent is on disk before its create leaves.
void watch_signals(asio::signal_set& signals, stop_request& wish) {
    signals.async_wait([&signals, &wish](const boost::system::error_code& cancelled, int signal) {
        if (cancelled) {
            return;
        }
        if (wish.requested()) {
            std::_Exit(static_cast<int>(exit_code::stopped));
        }
        wish.request(exit_code::stopped, fmt::format("{} asked for it; a rerun goes on from here",
                                                     signal == SIGINT ? "SIGINT" : "SIGTERM"));
        watch_signals(signals, wish);
    });
}

void guard_against_cut_off_source(const settings& job, const std::string& source, std::uint64_t records,
                                  journal& known) {
    if (records < job.source.min_rows) {
        throw stop(
            exit_code::usage,
            fmt::format("{}: has {}, and {} is the least that [source] min_rows takes for whole; nothing was sent",
                        source, records == 0 ? "a header and no rows" : counted(records, "row"),
                        grouped(job.source.min_rows)));
    }
    const auto before = known.last_full_records();
    if (!job.source.max_shrink || !before || *before == 0) {
        return;
    }
    const double least = static_cast<double>(*before) * (1 - *job.source.max_shrink);
    if (static_cast<double>(records) < least) {
        throw stop(
            exit_code::usage,
            fmt::format("{}: has {}, and the last full run read {}: more than [source] max_shrink = \"{:g}%\" are "
                        "gone, as if the file was cut off; nothing was sent. If it is whole, raise max_shrink",
                        source, counted(records, "row"), grouped(*before), *job.source.max_shrink * 100));
    }
}

forecast foresee(const survey& found, const account_settings& account) {
    const auto counts = found.counts();
    const auto of = [&](row_need n) { return counts.at(static_cast<std::size_t>(n)); };
    forecast f;
    f.records = found.rows.size();
    f.creates = of(row_need::create);
    f.updates = of(row_need::update);
    f.rejects = of(row_need::reject) + of(row_need::conflict);
    if (account.requests_per_minute > 0) {
        // The first minute's worth leaves at once.
        const std::uint64_t requests = f.creates + f.updates;
        const std::uint64_t full_minutes = requests == 0 ? 0 : (requests - 1) / account.requests_per_minute;
        f.least_time = std::chrono::minutes(full_minutes);
    }
    return f;
}

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
                                summary.doubtful_elsewhere > 0;
    return needs_a_person ? exit_code::incomplete : exit_code::success;
}

// In doubt in the journal, but for keys that this source does not have.
std::uint64_t doubtful_elsewhere(journal& known, const run_summary& summary) {
    const std::uint64_t all = known.doubtful_keys().size();
    return all - std::min(all, summary.rows.of(outcome::in_doubt));
}

std::string account_identity(const account_settings& account) {
    return fmt::format("{}:{}{}|{}", ascii_lower(account.api.host), account.api.port, account.api.target, account.name);
}

void run_second_pass(asio::io_context& io, const import_parts& parts, const run_options& options, stop_request& wish,
                     run_summary& summary) {
    if (!needs_second_pass(parts.found)) {
        summary.rows.add(outcome::unchanged, parts.found.rows.size());
        return;
    }
    importer second(io, parts, options, wish, summary);
    try {
        second.run();
    } catch (const std::exception& failure) {
        // Most likely the journal. What was under way is accounted for by what is on disk.
        wish.request(exit_code::stopped, failure.what());
        second.settle_unanswered();
    }
    io.stop();
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

run_summary run_import(const settings& job, const run_options& options, run_observer& observer) {
    const token secret = read_token(job.account);
    const connector way(job.account.api, job.account.timeout, job.account.ca_file);
    const auto known = open_journal(job.journal, {.url = job.account.url,
                                                  .name = job.account.name,
                                                  .key_columns = job.key.columns,
                                                  .same_keys = options.same_keys});
    account_state account(account_state_file(account_identity(job.account)), job.account.requests_per_minute,
                          2 * job.account.timeout + std::chrono::seconds(10));
    const csv_source source(job.source.path, job.source.delimiter);
    asio::io_context io(1);
    stop_request wish(io.get_executor());
    asio::signal_set signals(io, SIGINT, SIGTERM);
    watch_signals(signals, wish);

    const std::vector<std::string> header = source.read()->header();
    const mapper map(job, header, source.name());
    observer.opened(source.name(), header, source.format());
    const survey found = make_survey(source, map, *known, options.retry_rejected, [&] {
        io.poll();
        return !wish.requested();
    });
    run_summary summary;
    summary.source = source.name();
    summary.account = job.account.name;
    summary.started = wall_now();
    summary.records = found.rows.size();
    summary.partial = is_rejects_header(header);
    if (!summary.partial) {
        guard_against_cut_off_source(job, source.name(), summary.records, *known);
    }
    observer.foreseen(foresee(found, job.account));

    summary.run = known->begin_run(summary.source, summary.started);
    run_second_pass(io, {job, source, map, found, secret, way, account, *known, observer}, options, wish, summary);
    end_run(*known, wish, summary);
    return summary;
}

}  // namespace baseload
