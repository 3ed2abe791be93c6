#include "importer.hpp"

#include "baseload/core/stop.hpp"

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

constexpr std::size_t queue_length = 64;
constexpr unsigned rows_between_yields = 1024;  // of rows that need nothing: requests are under way meanwhile

std::uint64_t requests_needed(const survey& found) {
    const auto counts = found.counts();
    return counts.at(static_cast<std::size_t>(row_need::create)) +
           counts.at(static_cast<std::size_t>(row_need::update)) + counts.at(static_cast<std::size_t>(row_need::hold));
}

}  // namespace

importer::importer(const import_parts& parts, const run_options& options, std::uint64_t most_rejections,
                   run_summary& summary)
    : io_(parts.account.io()), parts_(parts), stop_(parts.account.wish()), summary_(summary),
      planned_requests_(requests_needed(parts.found)),
      book_(io_.get_executor(), parts.known, parts.found, stop_, summary, parts.observer, most_rejections),
      sorter_(parts.job, parts.source, parts.map, parts.found, parts.known, book_, stop_,
              plan_options_of(parts.job, options)),
      desk_(io_.get_executor(), parts.known, book_, stop_, summary, parts.job.account.settling_time,
            [this](caller& line, work_item item) { return sender_.resume(line, std::move(item)); }),
      sender_(parts_, book_, sorter_, desk_), queue_(io_, queue_length), ticker_(io_) {}

void importer::run() {
    // Workers that would find nothing to do are not begun.
    const auto workers =
        static_cast<unsigned>(std::clamp<std::uint64_t>(planned_requests_, 1, parts_.job.account.connections));
    running_ = workers + 1;
    parts_.account.spawn(feed(workers));
    for (unsigned i = 0; i < workers; ++i) {
        parts_.account.spawn(work());
    }
    parts_.account.spawn(settle_doubts());
    parts_.account.spawn(tick());
    const auto take_stock = [this] {
        summary_.requests = parts_.account.line().requests();
        summary_.paused = parts_.account.pace().paused();
    };
    try {
        io_.run();
        book_.flush();
        // What is still queued belongs to this: nothing of it may run when this is gone.
        io_.restart();
        io_.poll();
    } catch (...) {
        take_stock();
        throw;
    }
    take_stock();
}

// Nobody is left who could bring the desk a doubt.
void importer::finished() {
    if (--running_ == 0) {
        desk_.close();
    }
}

asio::awaitable<void> importer::settle_doubts() {
    co_await desk_.serve(parts_.account.new_caller());
    ticker_.cancel();
    io_.stop();  // the signals are still waited for
}

asio::awaitable<void> importer::feed(unsigned workers) {
    try {
        co_await feed_rows();
        desk_.put_strays();
    } catch (const stop& failure) {
        stop_.request(failure.code(), failure.what());  // what is under way is finished all the same
    }
    for (unsigned i = 0; i < workers; ++i) {
        co_await queue_.async_send({}, std::nullopt, asio::use_awaitable);
    }
    finished();
}

asio::awaitable<void> importer::feed_rows() {
    const auto reader = parts_.source.read();
    const std::vector<row_need>& needs = parts_.found.rows;
    record row;
    std::size_t ordinal = 0;
    while (reader->next(row)) {
        if (ordinal == needs.size()) {
            throw stop(exit_code::stopped,
                       fmt::format("{}: has grown while it was read; run again", parts_.source.name()));
        }
        std::optional<work_item> item = sorter_.sort(row, needs[ordinal], summary_.replaced_characters);
        ++ordinal;
        if (item && item->what.what == action::hold) {
            co_await desk_.put(std::move(*item));
        } else if (item) {
            co_await queue_.async_send({}, std::move(item), asio::use_awaitable);
        } else if (ordinal % rows_between_yields == 0) {
            co_await asio::post(io_, asio::use_awaitable);
        }
    }
    if (ordinal < needs.size()) {
        throw stop(exit_code::stopped,
                   fmt::format("{}: has shrunk while it was read; run again", parts_.source.name()));
    }
}

asio::awaitable<void> importer::work() {
    caller line = parts_.account.new_caller();
    for (;;) {
        std::optional<work_item> item = co_await queue_.async_receive(asio::use_awaitable);
        if (!item) {
            break;
        }
        if (stop_.requested()) {
            book_.not_reached(item->key);
        } else {
            co_await sender_.send(line, std::move(*item));
        }
        ++items_done_;
    }
    finished();
}

asio::awaitable<void> importer::tick() {
    for (;;) {
        ticker_.expires_after(parts_.observer.progress_interval());
        const auto [cancelled] = co_await ticker_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (cancelled) {
            co_return;
        }
        parts_.observer.advanced(measure());
    }
}

progress importer::measure() const {
    const auto elapsed = std::chrono::duration<double, std::ratio<60>>(std::chrono::steady_clock::now() - began_);
    progress p;
    p.records = parts_.found.rows.size();
    p.settled = summary_.rows.total();
    p.requests = parts_.account.line().requests();
    p.requests_to_go = planned_requests_ - std::min(planned_requests_, items_done_);
    p.requests_per_minute = static_cast<double>(p.requests) / std::max(elapsed.count(), 1.0);
    // Under a limit, requests leave in bursts, a minute apart.
    if (const std::uint64_t limit = parts_.job.account.requests_per_minute; limit > 0) {
        const std::uint64_t full_minutes = p.requests_to_go == 0 ? 0 : (p.requests_to_go - 1) / limit;
        p.to_go = parts_.account.pace().wait() + std::chrono::minutes(full_minutes);
    } else if (p.requests > 0) {
        const auto each = std::chrono::duration<double, std::milli>(elapsed) / static_cast<double>(p.requests);
        p.to_go = std::chrono::duration_cast<milliseconds>(each * static_cast<double>(p.requests_to_go));
    }
    p.blocked = parts_.account.pace().is_blocked();
    p.unconnected = parts_.account.line().is_unconnected();
    return p;
}

}  // namespace baseload
