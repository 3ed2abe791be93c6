#include "importer.hpp"

#include "baseload/core/command_error.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace baseload {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

// As long as rows_between_looks in row_planner.cpp: a source that changes is noticed before its rows have left.
constexpr std::size_t queue_length = 64;
constexpr milliseconds progress_told_every{1000};
constexpr std::size_t rows_ahead = 64;          // whose entries are asked for at once
constexpr unsigned rows_between_yields = 1024;  // of rows that need nothing: requests are under way meanwhile

// For the forecast while the run goes on: a look-up before a create, a backup or a repetition is not counted.
std::uint64_t requests_needed(const survey& found) {
    const auto counts = found.counts();
    return counts.at(static_cast<std::size_t>(row_need::create)) +
           counts.at(static_cast<std::size_t>(row_need::update)) +
           counts.at(static_cast<std::size_t>(row_need::look_up));
}

}  // namespace

importer::importer(const import_parts& parts, const row_limits& limits, summary_builder& summary)
    : io_(parts.session.io()), parts_(parts), places_(parts.first.source().places()), stop_(parts.session.stop()),
      summary_(summary), planned_requests_(std::min(requests_needed(parts.first.found()), limits.limit_rows)),
      recorder_({.clock = parts.session.clock(),
                 .memory = parts.memory,
                 .found = parts.first.found(),
                 .places = *places_,
                 .stop = stop_,
                 .summary = summary,
                 .observer = parts.observer,
                 .max_rejections = limits.max_rejections}),
      planner_(parts.first, parts.memory, recorder_, stop_, limits.limit_rows),
      resolver_({.clock = parts.session.clock(),
                 .memory = parts.memory,
                 .recorder = recorder_,
                 .under_way = under_way_,
                 .stop = stop_,
                 .settling_time = parts.first.job().account.settling_time}),
      sender_({.job = parts.first.job(),
               .places = *places_,
               .memory = parts.memory,
               .notes = parts.memory,
               .recorder = recorder_,
               .under_way = under_way_,
               .stop = stop_,
               .is_our_account = parts.is_our_account}),
      queue_(io_, queue_length), ticker_(io_) {}

void importer::run() {
    // Workers that would find nothing to do are not begun.
    const auto workers =
        static_cast<unsigned>(std::clamp<std::uint64_t>(planned_requests_, 1, parts_.first.job().account.connections));
    // The feeder counts too: no worker may close the resolver while rows are still being read.
    running_ = workers + 1;
    recorder_.expect_senders(workers);
    parts_.session.spawn(feed(workers));
    for (unsigned i = 0; i < workers; ++i) {
        parts_.session.spawn(work());
    }
    parts_.session.spawn(settle_doubts());
    parts_.session.spawn(tick());
    // Whether or not the journal failed, the summary tells what was sent.
    const auto take_stock = [this] { take_stock_of(parts_.session, summary_); };
    try {
        io_.run();
        // The last group may still wait for its ten milliseconds.
        recorder_.flush();
        // What is still queued belongs to this: nothing of it may run when this is gone.
        io_.restart();
        io_.poll();
    } catch (...) {
        take_stock();
        throw;
    }
    take_stock();
}

// Called by the feeder and by each worker. After the last of them, only rows that the resolver hands back are left.
void importer::finished() {
    if (--running_ == 0) {
        resolver_.close();
    }
}

asio::awaitable<void> importer::settle_doubts() {
    api_caller api = parts_.session.new_caller();
    while (std::optional<work_item> settled = co_await resolver_.next_settled(api)) {
        std::optional<work_item> work = planner_.replan(std::move(*settled));
        if (!work) {
            continue;
        }
        // Without waiting for room: this coroutine is the one that makes it, and would wait for itself.
        if (co_await sender_.send(api, *work) == row_sender::ending::in_doubt) {
            resolver_.enqueue(std::move(*work));
        }
    }
    // The resolver is the last to end: it is closed when feeder and workers are done.
    ticker_.cancel();
    io_.stop();  // the signals are still waited for
}

asio::awaitable<void> importer::feed(unsigned workers) {
    try {
        if (parts_.first.found().kept.has_all()) {
            co_await feed_kept_rows();
        } else {
            co_await feed_rows();
        }
        resolver_.enqueue_inherited();
    } catch (const command_error& failure) {
        stop_.request(failure.code(), failure.what());  // what is under way is finished all the same
    }
    for (unsigned i = 0; i < workers; ++i) {
        // An empty item for each worker, after the last row. It is sent after a failure too, or the workers would wait
        // for ever.
        co_await queue_.async_send({}, nullptr, asio::use_awaitable);
    }
    finished();
}

// The rows that need anything are in memory, from the first pass: the source is not read again.
asio::awaitable<void> importer::feed_kept_rows() {
    const survey& found = parts_.first.found();
    for (const row_need need : found.rows) {
        if (need == row_need::nothing) {
            recorder_.unchanged();
        } else if (need == row_need::merged) {
            recorder_.merged();
        } else if (need == row_need::skipped) {
            recorder_.skipped();
        }
    }
    for (std::size_t i = 0; i < found.kept.size(); ++i) {
        if (i % rows_ahead == 0) {
            look_ahead(i);
        }
        // One whose fields turned out to be as they were is counted already.
        const row_need need = found.rows[found.kept.ordinal(i)];
        if (need != row_need::nothing && need != row_need::elsewhere) {
            co_await feed_row(found.kept.at(i), need);
        }
    }
}

// From the kept row of this index on.
void importer::look_ahead(std::size_t index) {
    const survey& found = parts_.first.found();
    std::vector<std::string> keys;
    for (std::size_t end = std::min(index + rows_ahead, found.kept.size()); index < end; ++index) {
        const row_need need = found.rows[found.kept.ordinal(index)];
        if (need == row_need::create || need == row_need::update || need == row_need::refresh_hash) {
            keys.push_back(parts_.first.map().key_of(found.kept.at(index)));
        }
    }
    planner_.look_ahead(keys);
}

asio::awaitable<void> importer::feed_rows() {
    const auto reader = parts_.first.source().read();
    const std::vector<row_need>& needs = parts_.first.found().rows;
    record row;
    std::size_t ordinal = 0;
    while (reader->next(row)) {
        // The needs are by position: from the first row too many on, they would be of other rows.
        if (ordinal == needs.size()) {
            throw command_error(exit_code::stopped, fmt::format("{}: has grown while it was read; run again",
                                                                parts_.first.source().name()));
        }
        if (needs[ordinal] == row_need::nothing) {
            recorder_.unchanged();
        } else if (needs[ordinal] != row_need::elsewhere) {
            co_await feed_row(row, needs[ordinal]);
        }
        if (++ordinal % rows_between_yields == 0) {
            // Reading blocks the only thread. This lets answers, commits and signals have their turn.
            co_await asio::post(io_, asio::use_awaitable);
        }
    }
    if (ordinal < needs.size()) {
        throw command_error(exit_code::stopped,
                            fmt::format("{}: has shrunk while it was read; run again", parts_.first.source().name()));
    }
}

asio::awaitable<void> importer::feed_row(const record& row, row_need need) {
    std::optional<work_item> item = planner_.plan(row, need);
    // Not to the queue: a sender takes creates and updates only.
    if (item && item->plan.action == plan_action::look_up) {
        co_await resolver_.enqueue_when_room(std::move(*item));
    } else if (item) {
        co_await queue_.async_send({}, std::make_unique<work_item>(std::move(*item)), asio::use_awaitable);
    }
}

asio::awaitable<void> importer::work() {
    api_caller api = parts_.session.new_caller();
    for (;;) {
        const std::unique_ptr<work_item> item = co_await queue_.async_receive(asio::use_awaitable);
        if (!item) {
            break;
        }
        if (stop_.requested()) {
            // Items in the queue have begun, so each needs an outcome, also after a stop.
            recorder_.not_reached(item->key);
        } else if (co_await sender_.send(api, *item) == row_sender::ending::in_doubt) {
            co_await resolver_.enqueue_when_room(std::move(*item));
        }
        ++items_done_;
    }
    finished();
}

asio::awaitable<void> importer::tick() {
    const milliseconds interval = parts_.observer.progress_interval();
    auto told = std::chrono::steady_clock::now();
    for (;;) {
        const progress now = measure();
        // Others may look at any time (`baseload status`), whatever the observer wants.
        parts_.memory.tell_progress(now);
        if (std::chrono::steady_clock::now() - told >= interval) {
            told = std::chrono::steady_clock::now();
            parts_.observer.advanced(now);
        }
        ticker_.expires_after(std::min<milliseconds>(interval, progress_told_every));
        const auto [cancelled] = co_await ticker_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (cancelled) {
            co_return;
        }
    }
}

progress importer::measure() {
    const boot_clock::time_point now = parts_.session.clock().now();
    const pacer& pace = parts_.session.pace();
    progress p;
    p.started = summary_.so_far().started;
    p.is_sending = true;
    p.records = summary_.so_far().records;
    p.rows = summary_.so_far().rows;
    p.requests = parts_.session.health().requests();
    p.requests_last_minute = parts_.session.health().last_minute(now);
    p.requests_to_go = planned_requests_ - std::min(planned_requests_, items_done_);
    p.limit = parts_.first.job().account.requests_per_minute;
    p.reduced_limit = pace.reduced_limit();
    p.to_go = time_for(p, pace.wait());
    p.waits_for_limit = p.limit > 0 && pace.wait().count() > 0;
    if (pace.is_blocked()) {
        p.blocked_until = wall_now() + std::chrono::duration_cast<milliseconds>(pace.blocked_until() - now);
    }
    p.unconnected = parts_.session.health().is_unconnected();
    return p;
}

// `wait`: until the next request may leave.
milliseconds importer::time_for(const progress& p, milliseconds wait) const {
    if (const std::uint64_t limit = p.reduced_limit.value_or(p.limit); limit > 0) {
        // Under a limit requests leave in bursts, a minute apart. Those of the current minute need no further one,
        // hence the subtraction.
        return wait + std::chrono::minutes(p.requests_to_go == 0 ? 0 : (p.requests_to_go - 1) / limit);
    }
    const auto elapsed = std::chrono::steady_clock::now() - began_;
    return p.requests == 0 ? wait
                           : wait + std::chrono::duration_cast<milliseconds>(elapsed * p.requests_to_go / p.requests);
}

}  // namespace baseload
