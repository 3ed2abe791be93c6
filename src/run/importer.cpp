#include "importer.hpp"

#include "baseload/core/stop.hpp"
#include "baseload/core/text.hpp"

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

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t queue_length = 64;
constexpr std::size_t most_named_keys = 20;
constexpr unsigned rows_between_yields = 1024;  // of rows that need nothing: requests are under way meanwhile

wall_time now_on_the_wall() {
    return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

sent_fields fingerprints_of(const client_fields& fields) {
    sent_fields sent;
    for (const client_field& field : fields) {
        sent.emplace(field.code, fingerprint_of_value(field.value));
    }
    return sent;
}

std::vector<std::string> copied(const record& row) {
    return {row.cells.begin(), row.cells.end()};
}

} // namespace

importer::importer(asio::io_context& io, const settings& job, const run_options& options, const token& secret,
                   const connector& way, account_state& account, const mapper& map, journal& known, stop_request& stop,
                   run_observer& observer, run_summary& summary)
    : io_(io), job_(job), options_(options), secret_(secret), map_(map), journal_(known), stop_(stop),
      observer_(observer), summary_(summary),
      way_(way), policy_(job.account.give_up_after), pace_(account, job.account.requests_per_minute > 0, job.account.timeout, stop),
      line_(job.account.stop_after_failures), commits_(io.get_executor(), known), queue_(io, queue_length), ticker_(io) {}

void importer::spawn(asio::awaitable<void> coroutine) {
    asio::co_spawn(io_, std::move(coroutine), [](const std::exception_ptr& thrown) {
        if (thrown) {
            std::rethrow_exception(thrown);
        }
    });
}

void importer::run(const csv_source& source, const survey& found) {
    source_name_ = source.name();
    const auto counts = found.counts();
    const auto need = [&](row_need n) { return counts.at(static_cast<std::size_t>(n)); };
    const std::uint64_t requests = need(row_need::create) + need(row_need::update);
    // Workers that would find nothing to do are not begun.
    const auto workers = static_cast<unsigned>(std::clamp<std::uint64_t>(requests, 1, job_.account.connections));
    running_ = workers + 1;
    spawn(feed(source, found, workers));
    for (unsigned i = 0; i < workers; ++i) {
        spawn(work());
    }
    spawn(tick(found));
    const auto take_stock = [this] {
        summary_.requests = line_.requests();
        summary_.paused = pace_.paused();
    };
    try {
        io_.run();
        commits_.flush();
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

asio::awaitable<void> importer::feed(const csv_source& source, const survey& found, unsigned workers) {
    const auto reader = source.read();
    record row;
    std::size_t ordinal = 0;
    while (reader->next(row)) {
        if (ordinal == found.rows.size()) {
            throw stop(exit_code::stopped, fmt::format("{}: has grown while it was read; run again", source.name()));
        }
        std::optional<work_item> item = look_at(row, found.rows[ordinal], found);
        ++ordinal;
        if (item) {
            co_await queue_.async_send({}, std::move(item), asio::use_awaitable);
        } else if (ordinal % rows_between_yields == 0) {
            co_await asio::post(io_, asio::use_awaitable);
        }
    }
    if (ordinal < found.rows.size()) {
        throw stop(exit_code::stopped, fmt::format("{}: has shrunk while it was read; run again", source.name()));
    }
    for (unsigned i = 0; i < workers; ++i) {
        co_await queue_.async_send({}, std::nullopt, asio::use_awaitable);
    }
    finished();
}

std::optional<work_item> importer::look_at(const record& row, row_need need, const survey& found) {
    switch (need) {
    case row_need::nothing:
        summary_.rows.add(outcome::unchanged);
        return std::nullopt;
    case row_need::repeat:
        summary_.merged += stop_.requested() ? 0 : 1;
        summary_.rows.add(stop_.requested() ? outcome::not_reached : outcome::unchanged);
        return std::nullopt;
    case row_need::conflict: {
        std::vector<std::string> lines;
        const std::string key = map_.key_of(row);
        for (const std::uint64_t line : found.conflicts.at(key_hash(key))) {
            lines.push_back(fmt::format("{}", line));
        }
        reject(row, {{.code = "key_conflict",
                      .where = {source_name_, row.line, listed(job_.key.columns)},
                      .found = key,
                      .problem = fmt::format("is the key of rows that differ (lines {})", listed(lines)),
                      .remedy = "keep one of them"}});
        return std::nullopt;
    }
    default:
        return plan_row(row);
    }
}

std::optional<work_item> importer::plan_row(const record& row) {
    std::vector<fault> faults = map_.check_shape(row);
    if (!faults.empty()) {
        reject(row, std::move(faults));
        return std::nullopt;
    }
    std::string key = map_.key_of(row);
    mapped_record mapped = map_.map(row);
    if (key.empty()) {
        mapped.faults.insert(mapped.faults.begin(), {.code = "blank_key",
                                                     .where = {source_name_, row.line, listed(job_.key.columns)},
                                                     .found = {},
                                                     .problem = "the key is blank",
                                                     .remedy = "give the row the key that it has for ever"});
    }
    if (!mapped.faults.empty()) {
        reject(row, std::move(mapped.faults));
        return std::nullopt;
    }
    const fingerprint fp = record_fingerprint(row, map_);
    const std::optional<entry> known = journal_.find(key);
    plan what = decide(mapped.fields, fp, known, options_.retry_rejected);
    switch (what.what) {
    case action::create:
    case action::update:
        if (stop_.requested()) {
            summary_.rows.add(outcome::not_reached);
            return std::nullopt;
        }
        summary_.replaced_characters += mapped.replaced_characters;
        return work_item{std::move(key), row.line, fp, std::move(what), copied(row)};
    case action::note:
        journal_.noted(key, fp);
        commits_.when_durable([this] { summary_.rows.add(outcome::unchanged); });
        return std::nullopt;
    case action::nothing:
        summary_.rows.add(outcome::unchanged);
        return std::nullopt;
    case action::hold:
        settle_doubtful(key, row.line, "an earlier run sent it and never had an answer");
        return std::nullopt;
    case action::stay_refused:
        reject(row, {{.code = known->refused->code,
                      .where = {source_name_, row.line, {}},
                      .found = {},
                      .problem = "the service refused this row before: " + known->refused->message,
                      .remedy = "change the row, or run with --retry-rejected"}});
        return std::nullopt;
    case action::reject:
        break;
    }
    reject(row, {{.code = "nothing_to_send",
                  .where = {source_name_, row.line, {}},
                  .found = {},
                  .problem = "every mapped cell is blank, which makes no client",
                  .remedy = "fill the row in, or take it out"}});
    return std::nullopt;
}

void importer::reject(const record& row, std::vector<fault> faults) {
    summary_.rows.add(outcome::rejected);
    observer_.rejected({row.line, copied(row), std::move(faults)});
}

asio::awaitable<void> importer::work() {
    caller line(io_.get_executor(), way_, secret_, policy_, pace_, line_, stop_);
    for (;;) {
        std::optional<work_item> item = co_await queue_.async_receive(asio::use_awaitable);
        if (!item) {
            break;
        }
        if (stop_.requested()) {
            summary_.rows.add(outcome::not_reached);
        } else {
            co_await send(line, std::move(*item));
        }
    }
    finished();
}

asio::awaitable<void> importer::send(caller& line, work_item item) {
    const bool is_create = item.what.what == action::create;
    const std::optional<std::int64_t> id = is_create ? std::nullopt : std::optional(item.what.crm_client_id);
    const api_call call = add_client(id, item.what.send);
    const auto before_sending = [&]() -> asio::awaitable<void> {
        if (is_create) {
            journal_.intend({item.key, item.line, call.parameters}, now_on_the_wall());
            intended_.emplace(item.key, item.line);
            co_await commits_.durable();
        }
    };
    const call_outcome outcome_of_call = co_await line.make(call, before_sending);
    switch (outcome_of_call.how) {
    case call_outcome::ending::accepted:
        if (is_create) {
            settle_created(item, outcome_of_call);
        } else {
            settle_updated(item);
        }
        break;
    case call_outcome::ending::refused:
        settle_refused(item, outcome_of_call);
        break;
    case call_outcome::ending::in_doubt:
        settle_doubtful(item.key, item.line, outcome_of_call.why);
        break;
    case call_outcome::ending::not_made:
        settle_not_made(item);
        break;
    }
}

void importer::settle_created(const work_item& item, const call_outcome& outcome_of_call) {
    const known_client client{*outcome_of_call.answer.crm_client_id, item.record, fingerprints_of(item.what.send)};
    journal_.created(item.key, client, now_on_the_wall());
    commits_.when_durable([this, key = item.key] {
        intended_.erase(key);
        summary_.rows.add(outcome::created);
    });
}

void importer::settle_not_made(const work_item& item) {
    if (!intended_.contains(item.key)) {
        summary_.rows.add(outcome::not_reached);
        return;
    }
    journal_.withdraw(item.key);
    commits_.when_durable([this, key = item.key] {
        intended_.erase(key);
        summary_.rows.add(outcome::not_reached);
    });
}

void importer::settle_updated(const work_item& item) {
    const known_client client{item.what.crm_client_id, item.record, fingerprints_of(item.what.send)};
    journal_.updated(item.key, client, now_on_the_wall());
    commits_.when_durable([this, fields = item.what.send.size()] {
        summary_.rows.add(outcome::updated);
        summary_.fields_sent += fields;
    });
}

void importer::settle_refused(work_item& item, const call_outcome& outcome_of_call) {
    const verdict& answer = outcome_of_call.answer;
    journal_.refused(item.key, {item.record, answer.code, answer.message}, now_on_the_wall());
    rejection r{item.line, std::move(item.cells), {}};
    r.faults.push_back({.code = answer.code,
                        .where = {source_name_, item.line, {}},
                        .found = {},
                        .problem = "the service refused this row: " + answer.message,
                        .remedy = "change the row and run again"});
    commits_.when_durable([this, r = std::move(r), key = item.key] {
        intended_.erase(key);
        summary_.rows.add(outcome::rejected);
        observer_.rejected(r);
    });
}

void importer::settle_doubtful(const std::string& key, std::uint64_t line, const std::string& why) {
    intended_.erase(key);
    summary_.rows.add(outcome::in_doubt);
    if (summary_.doubtful_keys.size() < most_named_keys) {
        summary_.doubtful_keys.push_back(key);
    }
    observer_.doubtful(key, line, why);
}

void importer::settle_unanswered() {
    const auto under_way = std::exchange(intended_, {});
    for (const auto& [key, line] : under_way) {
        bool on_disk = true;
        try {
            const auto known = journal_.find(key);
            on_disk = known && known->in_doubt;
        } catch (const stop&) {
            // A journal that cannot even be read: nobody knows.
        }
        if (on_disk) {
            settle_doubtful(key, line, "the run stopped before its answer was recorded");
        } else {
            summary_.rows.add(outcome::not_reached);
        }
    }
}

asio::awaitable<void> importer::tick(const survey& found) {
    for (;;) {
        ticker_.expires_after(observer_.progress_interval());
        const auto [cancelled] = co_await ticker_.async_wait(as_result);
        if (cancelled) {
            co_return;
        }
        observer_.advanced(measure(found));
    }
}

progress importer::measure(const survey& found) const {
    const auto counts = found.counts();
    const std::uint64_t planned = counts[static_cast<std::size_t>(row_need::create)] +
                                  counts[static_cast<std::size_t>(row_need::update)];
    const auto elapsed = std::chrono::duration<double, std::ratio<60>>(std::chrono::steady_clock::now() - began_);
    progress p;
    p.records = found.rows.size();
    p.settled = summary_.rows.total();
    p.requests = line_.requests();
    p.requests_to_go = planned - std::min(planned, p.requests);
    p.requests_per_minute = elapsed.count() > 0 ? static_cast<double>(p.requests) / elapsed.count() : 0;
    const double limit = job_.account.requests_per_minute;
    const double rate = limit > 0 ? limit : p.requests_per_minute;
    if (rate > 0) {
        p.to_go = milliseconds(static_cast<std::int64_t>(static_cast<double>(p.requests_to_go) / rate * 60'000));
    }
    p.blocked = pace_.is_blocked();
    return p;
}

} // namespace baseload
