#include "importer.hpp"

#include "baseload/core/stop.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
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
           counts.at(static_cast<std::size_t>(row_need::update));
}

}  // namespace

importer::importer(asio::io_context& io, const import_parts& parts, const run_options& options, stop_request& wish,
                   run_summary& summary)
    : io_(io), parts_(parts), stop_(wish), summary_(summary), planned_requests_(requests_needed(parts.found)),
      policy_(parts.job.account.give_up_after),
      pace_(parts.account, parts.job.account.requests_per_minute > 0, parts.job.account.timeout, wish),
      line_(parts.job.account.stop_after_failures),
      book_(io.get_executor(), parts.known, parts.found, wish, summary, parts.observer),
      sorter_(parts.job, parts.source, parts.map, parts.found, parts.known, book_, wish, options.retry_rejected),
      queue_(io, queue_length), ticker_(io) {}

void importer::spawn(asio::awaitable<void> coroutine) {
    asio::co_spawn(io_, std::move(coroutine), [](const std::exception_ptr& thrown) {
        if (thrown) {
            std::rethrow_exception(thrown);
        }
    });
}

void importer::run() {
    // Workers that would find nothing to do are not begun.
    const auto workers =
        static_cast<unsigned>(std::clamp<std::uint64_t>(planned_requests_, 1, parts_.job.account.connections));
    running_ = workers + 1;
    spawn(feed(workers));
    for (unsigned i = 0; i < workers; ++i) {
        spawn(work());
    }
    spawn(tick());
    const auto take_stock = [this] {
        summary_.requests = line_.requests();
        summary_.paused = pace_.paused();
    };
    try {
        io_.run();
        book_.flush();
    } catch (...) {
        take_stock();
        throw;
    }
    take_stock();
}

void importer::finished() {
    if (--running_ == 0) {
        ticker_.cancel();
        io_.stop();  // the signals are still waited for
    }
}

asio::awaitable<void> importer::feed(unsigned workers) {
    try {
        co_await feed_rows();
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
        if (item) {
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
    caller line(io_.get_executor(), parts_.way, parts_.secret, policy_, pace_, line_, stop_);
    for (;;) {
        std::optional<work_item> item = co_await queue_.async_receive(asio::use_awaitable);
        if (!item) {
            break;
        }
        if (stop_.requested()) {
            book_.not_reached(item->key);
        } else {
            co_await send(line, std::move(*item));
        }
        ++items_done_;
    }
    finished();
}

asio::awaitable<void> importer::send(caller& line, work_item item) {
    const bool is_create = item.what.what == action::create;
    const std::optional<std::int64_t> id = is_create ? std::nullopt : std::optional(item.what.crm_client_id);
    const api_call call = add_client(id, item.what.send);
    create_hooks hooks;
    hooks.before_sending = [&] { return book_.intend(item, call.parameters); };
    hooks.not_carried_out = [&] { book_.withdraw(item); };
    const call_outcome outcome_of_call = co_await line.make(call, std::move(hooks));
    switch (outcome_of_call.how) {
    case call_outcome::ending::accepted:
        if (is_create) {
            book_.created(item, *outcome_of_call.answer.crm_client_id);
        } else {
            book_.updated(item);
        }
        break;
    case call_outcome::ending::refused: settle_refused(std::move(item), outcome_of_call.answer); break;
    case call_outcome::ending::in_doubt: book_.doubtful(item.key, item.line, outcome_of_call.why); break;
    case call_outcome::ending::not_made: book_.not_reached(item.key); break;
    }
}

void importer::settle_refused(work_item item, const verdict& answer) {
    fault why{.code = answer.code,
              .where = {parts_.source.name(), item.line, {}},
              .found = {},
              .problem = "the service refused this row: " + answer.message,
              .remedy = "change the row and run again"};
    book_.refused(std::move(item), std::move(why), answer);
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
    p.requests = line_.requests();
    p.requests_to_go = planned_requests_ - std::min(planned_requests_, items_done_);
    p.requests_per_minute = static_cast<double>(p.requests) / std::max(elapsed.count(), 1.0);
    // Under a limit, requests leave in bursts, a minute apart.
    if (const std::uint64_t limit = parts_.job.account.requests_per_minute; limit > 0) {
        const std::uint64_t full_minutes = p.requests_to_go == 0 ? 0 : (p.requests_to_go - 1) / limit;
        p.to_go = pace_.wait() + std::chrono::minutes(full_minutes);
    } else if (p.requests > 0) {
        const auto each = std::chrono::duration<double, std::milli>(elapsed) / static_cast<double>(p.requests);
        p.to_go = std::chrono::duration_cast<milliseconds>(each * static_cast<double>(p.requests_to_go));
    }
    p.blocked = pace_.is_blocked();
    p.unconnected = line_.is_unconnected();
    return p;
}

}  // namespace baseload
