#include "outcome_book.hpp"

#include "baseload/core/stop.hpp"

#include <chrono>
#include <utility>

namespace baseload {
namespace {

constexpr std::size_t most_named_keys = 20;

wall_time now_on_the_wall() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

sent_fields fingerprints_of(const client_fields& fields) {
    sent_fields sent;
    for (const client_field& field : fields) {
        sent.emplace(field.code, fingerprint_of_value(field.value));
    }
    return sent;
}

} // namespace

outcome_book::outcome_book(const boost::asio::any_io_executor& executor, journal& known, run_summary& summary,
                           run_observer& observer, std::string source)
    : journal_(known), summary_(summary), observer_(observer), commits_(executor, known), source_(std::move(source)) {}

void outcome_book::merged() {
    ++summary_.merged;
    unchanged();
}

void outcome_book::noted(const std::string& key, const fingerprint& record) {
    journal_.noted(key, record);
    commits_.when_durable([this] { unchanged(); });
}

void outcome_book::rejected(const record& row, std::vector<fault> faults) {
    summary_.rows.add(outcome::rejected);
    observer_.rejected({row.line, {row.cells.begin(), row.cells.end()}, std::move(faults)});
}

void outcome_book::doubtful(const std::string& key, std::uint64_t line, const std::string& why) {
    intended_.erase(key);
    summary_.rows.add(outcome::in_doubt);
    if (summary_.doubtful_keys.size() < most_named_keys) {
        summary_.doubtful_keys.push_back(key);
    }
    observer_.doubtful(key, line, why);
}

boost::asio::awaitable<void> outcome_book::intend(const work_item& item, const std::string& parameters) {
    intended_.emplace(item.key, item.line);
    journal_.intend({item.key, item.line, parameters}, now_on_the_wall());
    co_await commits_.durable();
}

template <class Callback>
void outcome_book::once_durable(const work_item& item, Callback callback) {
    commits_.when_durable([this, key = item.key, callback = std::move(callback)] {
        intended_.erase(key);
        callback();
    });
}

void outcome_book::created(const work_item& item, std::int64_t crm_client_id) {
    journal_.created(item.key, {crm_client_id, item.record, fingerprints_of(item.what.send)}, now_on_the_wall());
    once_durable(item, [this] { summary_.rows.add(outcome::created); });
}

void outcome_book::updated(const work_item& item) {
    journal_.updated(item.key, {item.what.crm_client_id, item.record, fingerprints_of(item.what.send)}, now_on_the_wall());
    once_durable(item, [this, fields = item.what.send.size()] {
        summary_.rows.add(outcome::updated);
        summary_.fields_sent += fields;
    });
}

void outcome_book::refused(work_item item, const verdict& answer) {
    journal_.refused(item.key, {item.record, answer.code, answer.message}, now_on_the_wall());
    rejection r{item.line, std::move(item.cells), {}};
    r.faults.push_back({.code = answer.code,
                        .where = {source_, item.line, {}},
                        .found = {},
                        .problem = "the service refused this row: " + answer.message,
                        .remedy = "change the row and run again"});
    once_durable(item, [this, r = std::move(r)] {
        summary_.rows.add(outcome::rejected);
        observer_.rejected(r);
    });
}

void outcome_book::not_made(const work_item& item) {
    if (!intended_.contains(item.key)) {
        not_reached();
        return;
    }
    journal_.withdraw(item.key);
    once_durable(item, [this] { not_reached(); });
}

void outcome_book::settle_unanswered() {
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
            doubtful(key, line, "the run stopped before its answer was recorded");
        } else {
            not_reached();
        }
    }
}

} // namespace baseload
