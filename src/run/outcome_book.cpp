#include "outcome_book.hpp"

#include "baseload/core/rejection.hpp"
#include "baseload/core/stop.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace baseload {
namespace {

constexpr std::size_t most_named_doubts = 20;

rejection copy_of(const record& row, std::vector<fault> faults) {
    return {row.line, cells_to_mend(row), std::move(faults)};
}

}  // namespace

outcome_book::outcome_book(const boost::asio::any_io_executor& executor, journal& known, const survey& found,
                           stop_request& wish, run_summary& summary, run_observer& observer,
                           std::uint64_t most_rejections)
    : journal_(known), found_(found), stop_(wish), summary_(summary), observer_(observer), commits_(executor, known),
      most_rejections_(most_rejections) {}

void outcome_book::tell(const std::function<void()>& observe) {
    try {
        observe();
    } catch (const stop& failure) {
        stop_.request(failure.code(), failure.what());
    }
}

void outcome_book::warned(const std::vector<fault>& doubts) {
    if (!doubts.empty()) {
        summary_.warnings += doubts.size();
        tell([&] { observer_.warned(doubts); });
    }
}

// After the row's outcome is in: --max-errors.
void outcome_book::count_rejection() {
    const std::uint64_t rejections = summary_.rows.of(outcome::rejected);
    if (rejections > most_rejections_) {
        stop_.request(exit_code::stopped,
                      fmt::format("{} rejected, more than --max-errors allows; mend the source and run again",
                                  counted(rejections, "row")));
    }
}

void outcome_book::conclude(const std::string& key, outcome o) {
    under_way_.erase(key);
    summary_.rows.add(o);
    if (o == outcome::rejected) {
        count_rejection();
    }
    const fingerprint hash = key_hash(key);
    if (!found_.repeated.contains(hash)) {
        return;
    }
    concluded_[hash] = o;
    if (const auto waiting = waiting_.extract(hash)) {
        for (const rejection& row : waiting.mapped()) {
            conclude_repeat(row, o);
        }
    }
}

void outcome_book::conclude_repeat(const rejection& row, outcome o) {
    if (o == outcome::created || o == outcome::updated || o == outcome::unchanged) {
        merged();
        return;
    }
    summary_.rows.add(o);
    if (o == outcome::rejected) {
        count_rejection();
        tell([&] { observer_.rejected(row); });
    }
}

void outcome_book::merged() {
    ++summary_.merged;
    unchanged();
}

void outcome_book::repeated(const std::string& key, const record& row) {
    rejection repeat = copy_of(row, {{.code = "repeat",
                                      .where = {summary_.source, row.line, {}},
                                      .found = {},
                                      .problem = "repeats a row that was rejected",
                                      .remedy = "see there"}});
    const fingerprint hash = key_hash(key);
    const auto first = concluded_.find(hash);
    if (first == concluded_.end()) {
        waiting_[hash].push_back(std::move(repeat));
    } else {
        conclude_repeat(repeat, first->second);
    }
}

namespace {

// A client that a look-up found counts as created by the run that sent it.
outcome settled_as(const work_item& item, outcome otherwise) {
    return item.is_created ? outcome::created : otherwise;
}

}  // namespace

void outcome_book::known_unchanged(const work_item& item) {
    conclude(item.key, settled_as(item, outcome::unchanged));
}

void outcome_book::left_alone(const work_item& item) {
    ++summary_.left_alone;
    conclude(item.key, outcome::unchanged);
}

void outcome_book::noted(const work_item& item) {
    journal_.noted(item.key, item.record);
    commits_.when_durable([this, key = item.key, o = settled_as(item, outcome::unchanged)] { conclude(key, o); });
}

void outcome_book::rejected(const record& row, std::vector<fault> faults) {
    summary_.rows.add(outcome::rejected);
    count_rejection();
    tell([&] { observer_.rejected(copy_of(row, std::move(faults))); });
}

void outcome_book::rejected(const std::string& key, rejection r) {
    tell([&] { observer_.rejected(r); });
    conclude(key, outcome::rejected);
}

void outcome_book::doubtful(doubtful_create d) {
    tell([&] { observer_.doubtful(d); });
    if (d.line > 0) {
        ++summary_.keys_in_doubt;
        conclude(d.key, outcome::in_doubt);
    }
    if (summary_.doubts.size() < most_named_doubts) {
        summary_.doubts.push_back(std::move(d));
    }
}

bool outcome_book::begin(const work_item& item) {
    return under_way_.emplace(item.key, item.line).second;
}

boost::asio::awaitable<void> outcome_book::intend(const work_item& item, const std::string& parameters) {
    journal_.intend({item.key, item.line, parameters}, wall_now());
    co_await commits_.durable();
}

boost::asio::awaitable<void> outcome_book::back_up(const work_item& item, const std::string& fields) {
    journal_.back_up(item.key, item.what.crm_client_id, fields);
    co_await commits_.durable();
}

void outcome_book::withdraw(const std::string& key) {
    journal_.withdraw(key);
    commits_.when_durable([] {});
}

boost::asio::awaitable<void> outcome_book::linked(const std::string& key, const known_client& client) {
    journal_.linked(key, client, wall_now());
    co_await commits_.durable();
}

void outcome_book::created(const work_item& item, std::int64_t crm_client_id) {
    journal_.created(item.key, {crm_client_id, item.record, item.what.known_after, false}, wall_now());
    commits_.when_durable([this, key = item.key] { conclude(key, outcome::created); });
}

void outcome_book::updated(const work_item& item) {
    journal_.updated(item.key, {item.what.crm_client_id, item.record, item.what.known_after, false}, wall_now());
    const outcome o = settled_as(item, outcome::updated);
    commits_.when_durable([this, key = item.key, fields = item.what.send.size(), o] {
        summary_.fields_sent += fields;
        conclude(key, o);
    });
}

void outcome_book::refused(work_item item, fault why, const verdict& answer) {
    journal_.refused(item.key, {item.record, answer.code, answer.message}, wall_now());
    rejection r{item.line, std::move(item.cells), {std::move(why)}};
    commits_.when_durable([this, key = item.key, r = std::move(r)] { rejected(key, r); });
}

void outcome_book::deleted(work_item item, fault why) {
    journal_.deleted(item.key, wall_now());
    rejection r{item.line, std::move(item.cells), {std::move(why)}};
    commits_.when_durable([this, key = item.key, r = std::move(r)] { rejected(key, r); });
}

void outcome_book::client_is_gone(const work_item& item) {
    journal_.deleted(item.key, wall_now());
}

void outcome_book::not_overwritten(const work_item& item) {
    journal_.restored(item.key, summary_.run);
    commits_.when_durable([] {});
}

void outcome_book::settle_unanswered() {
    journal_.rollback();
    const auto left = under_way_;
    for (const auto& [key, line] : left) {
        bool on_disk = true;
        try {
            const auto known = journal_.find(key);
            on_disk = known && known->in_doubt;
        } catch (const stop&) {
            // A journal that cannot even be read: nobody knows.
        }
        if (on_disk) {
            doubtful({.key = key,
                      .line = line,
                      .why = "the run stopped before its answer was recorded; the next one looks it up",
                      .candidates = {}});
        } else {
            not_reached(key);
        }
    }
}

}  // namespace baseload
