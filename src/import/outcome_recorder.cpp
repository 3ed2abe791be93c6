#include "outcome_recorder.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/rejection.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace baseload {
namespace {

// The record's views end with the next row that is read, and the rejection may wait for a commit.
rejection copy_of(const record& row, std::vector<fault> faults) {
    return {row.line, cells_to_correct(row), std::move(faults)};
}

}  // namespace

// An observer writes files, and a full disk must not lose the outcome of a row whose request was sent.
void outcome_recorder::tell(const std::function<void()>& observe) {
    try {
        observe();
    } catch (const command_error& failure) {
        parts_.stop.request(failure.code(), failure.what());
    }
}

void outcome_recorder::tell_rejected(rejection r) {
    r = placed(std::move(r), parts_.places);
    parts_.summary.rejected(r);
    tell([&] { parts_.observer.rejected(r); });
}

void outcome_recorder::warned(const rejection& r) {
    parts_.summary.warned(r.faults.size());
    tell([&] { parts_.observer.warned(placed(r, parts_.places)); });
}

// After the row's outcome is in: --max-errors.
void outcome_recorder::count_rejection() {
    const std::uint64_t rejections = parts_.summary.so_far().rows.of(outcome::rejected);
    if (rejections > parts_.max_rejections) {
        parts_.stop.request(exit_code::stopped,
                            fmt::format("{} rejected, more than --max-errors allows; correct the source and run again",
                                        counted(rejections, "row")));
    }
}

void outcome_recorder::conclude(const std::string& key, outcome o) {
    under_way_.erase(key);
    parts_.summary.row(o);
    if (o == outcome::rejected) {
        count_rejection();
    }
    const fingerprint hash = key_hash(key);
    // Only keys that the first pass saw twice are kept: of the others no second row will ask.
    if (!parts_.found.repeated.contains(hash)) {
        return;
    }
    concluded_[hash] = o;
    if (const auto waiting = waiting_.extract(hash)) {
        for (const rejection& row : waiting.mapped()) {
            conclude_repeat(row, o);
        }
    }
}

void outcome_recorder::conclude_repeat(const rejection& row, outcome o) {
    // The repeat is the same record, so its client is as it says.
    if (o == outcome::created || o == outcome::updated || o == outcome::unchanged) {
        merged();
        return;
    }
    parts_.summary.row(o);
    if (o == outcome::not_reached && leaves_rows_) {
        parts_.summary.left();
    }
    if (o == outcome::rejected) {
        count_rejection();
        tell_rejected(row);
    }
}

void outcome_recorder::left(const std::string& key) {
    leaves_rows_ = true;
    parts_.summary.left();
    conclude(key, outcome::not_reached);
}

void outcome_recorder::merged() {
    parts_.summary.merged();
    unchanged();
}

// Prepared as a rejection, in case the first row is rejected; otherwise its text is dropped.
void outcome_recorder::repeated(const std::string& key, const record& row) {
    rejection repeat = copy_of(row, {{.code = fault_code::repeat,
                                      .where = {parts_.summary.so_far().source, row.line, {}},
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

void outcome_recorder::known_unchanged(const work_item& item) {
    conclude(item.key, settled_as(item, outcome::unchanged));
}

void outcome_recorder::left_alone(const work_item& item) {
    parts_.summary.left_alone();
    conclude(item.key, outcome::unchanged);
}

// A row counts once its change is on disk: a summary must not tell of what a power loss takes back.
void outcome_recorder::hash_refreshed(const work_item& item) {
    parts_.memory.refresh_hash(item.key, item.record_hash);
    commits_.when_durable([this, key = item.key, o = settled_as(item, outcome::unchanged)] { conclude(key, o); });
}

void outcome_recorder::rejected(const record& row, std::vector<fault> faults) {
    parts_.summary.row(outcome::rejected);
    count_rejection();
    tell_rejected(copy_of(row, std::move(faults)));
}

void outcome_recorder::rejected(const std::string& key, rejection r) {
    // First the rejects file, then the outcome: a stop by --max-errors has its last row in the file.
    tell_rejected(std::move(r));
    conclude(key, outcome::rejected);
}

void outcome_recorder::doubtful(doubtful_create d) {
    d = placed(std::move(d), parts_.places);
    tell([&] { parts_.observer.doubtful(d); });
    if (d.line > 0) {
        conclude(d.key, outcome::in_doubt);
    }
    parts_.summary.doubtful(std::move(d));
}

bool outcome_recorder::begin(const work_item& item) {
    // A look-up is of a create that a run before has sent.
    return under_way_.emplace(item.key, row_under_way{item.line, item.plan.action == plan_action::look_up}).second;
}

boost::asio::awaitable<void> outcome_recorder::intend(const work_item& item, const std::string& parameters) {
    parts_.memory.intend({.key = item.key, .line = item.line, .parameters = parameters, .is_ahead = item.is_ahead},
                         wall_now());
    return expect_client_once_durable(item.key, !item.is_ahead);
}

boost::asio::awaitable<void> outcome_recorder::expect_client_once_durable(std::string key, bool may_be_made) {
    co_await commits_.durable();
    expect_client(key, may_be_made);
}

void outcome_recorder::expect_client(const std::string& key, bool may_be_made) {
    if (const auto row = under_way_.find(key); row != under_way_.end()) {
        row->second.may_be_made = may_be_made;
    }
}

boost::asio::awaitable<void> outcome_recorder::back_up(const work_item& item, const std::string& fields) {
    parts_.memory.back_up(item.key, item.plan.crm_client_id, fields);
    return commits_.durable();
}

void outcome_recorder::withdraw(const std::string& key) {
    parts_.memory.withdraw(key);
    expect_client(key, false);
    commits_.when_durable([] {});
}

void outcome_recorder::not_found(const std::string& key) {
    withdraw(key);
    parts_.summary.not_found();
}

boost::asio::awaitable<void> outcome_recorder::linked(const std::string& key, const known_client& client,
                                                      bool is_ahead) {
    parts_.memory.linked(key, client, wall_now());
    co_await commits_.durable();
    if (!is_ahead) {
        parts_.summary.found();
    }
}

std::optional<std::string> outcome_recorder::other_owner(const std::string& key, std::int64_t crm_client_id) {
    const std::optional<std::string> owner = parts_.memory.key_of_client(crm_client_id);
    return owner == key ? std::nullopt : owner;
}

id_age outcome_recorder::age_of(const std::string& key, std::int64_t crm_client_id) {
    // Between the newest id that was known and the next one; a larger step is not believed without a look at the
    // client.
    constexpr std::int64_t max_step = 1'000;  // others create clients too
    const std::optional<std::int64_t> newest = parts_.memory.newest_id_when_sent(key);
    // Where ids are known not to rise an id says nothing, so it raises no doubt either.
    if (!newest) {
        return parts_.memory.ids_rise() ? id_age::unknown : id_age::next;
    }
    return crm_client_id <= *newest                            ? id_age::old
           : crm_client_id > *newest + max_step && *newest > 0 ? id_age::unlike
                                                               : id_age::next;
}

boost::asio::awaitable<void> outcome_recorder::unsettle(const work_item& item) {
    std::vector<field_code> fields;
    for (const client_field& field : item.plan.send) {
        fields.push_back(field.code);
    }
    parts_.memory.unsettled(item.key, fields);
    return commits_.durable();
}

void outcome_recorder::reinstate(const work_item& item) {
    parts_.memory.reinstated(item.key, item.plan.sent_before, item.plan.hash_before);
    commits_.when_durable([] {});
}

void outcome_recorder::update_in_doubt(const work_item& item, const std::string& why) {
    const doubtful_create d =
        placed({.key = item.key, .line = item.line, .why = why, .candidates = {}, .is_update = true}, parts_.places);
    tell([&] { parts_.observer.doubtful(d); });
    conclude(item.key, outcome::in_doubt);
    parts_.summary.update_in_doubt(d);
}

void outcome_recorder::created(const work_item& item, std::int64_t crm_client_id) {
    parts_.memory.created(item.key, {crm_client_id, item.record_hash, item.plan.known_after, false}, wall_now());
    commits_.when_durable([this, key = item.key] { conclude(key, outcome::created); });
}

void outcome_recorder::updated(const work_item& item) {
    if (item.plan.known_after.contains(field_code::status_id)) {
        // The update gave the client a status, so that from before is not to be given back any more.
        parts_.memory.status_before_missing(item.key, std::nullopt);
    }
    parts_.memory.updated(item.key, {item.plan.crm_client_id, item.record_hash, item.plan.known_after, false},
                          wall_now());
    // A row that was created and then updated in one run counts as created, once.
    const outcome o = settled_as(item, outcome::updated);
    std::vector<field_code> fields;
    for (const client_field& field : item.plan.send) {
        fields.push_back(field.code);
    }
    commits_.when_durable([this, key = item.key, fields = std::move(fields), o] {
        parts_.summary.sent(fields.size());
        for (const field_code code : fields) {
            parts_.summary.changed(code);
        }
        conclude(key, o);
    });
}

void outcome_recorder::refused(const work_item& item, fault why, const verdict& answer) {
    parts_.memory.refused(item.key, {item.record_hash, answer.code, answer.message}, wall_now());
    rejection r{item.line, item.cells.cells(), {std::move(why)}};
    commits_.when_durable([this, key = item.key, r = std::move(r)] { rejected(key, r); });
}

void outcome_recorder::deleted(const work_item& item, fault why) {
    parts_.memory.deleted(item.key, wall_now());
    rejection r{item.line, item.cells.cells(), {std::move(why)}};
    commits_.when_durable([this, key = item.key, r = std::move(r)] { rejected(key, r); });
}

void outcome_recorder::client_is_gone(const work_item& item) {
    parts_.memory.deleted(item.key, wall_now());
}

void outcome_recorder::not_overwritten(const work_item& item) {
    parts_.memory.restored(item.key, parts_.summary.so_far().run);
    commits_.when_durable([] {});
}

void outcome_recorder::settle_unanswered() {
    // First: the journal answers no question about the rows until its loss is acknowledged.
    bool is_readable = true;
    try {
        parts_.memory.rollback();
    } catch (const command_error&) {
        is_readable = false;
    }
    // A copy, since each outcome takes its key out of the map.
    const auto left = under_way_;
    for (const auto& [key, row] : left) {
        bool is_in_doubt = row.may_be_made;
        try {
            // An intent on disk is looked up by the next run, whether its create has left or not.
            if (is_readable) {
                const auto entry = parts_.memory.find(key);
                is_in_doubt = entry && entry->in_doubt;
            }
        } catch (const command_error&) {
            is_readable = false;
        }
        if (is_in_doubt) {
            doubtful({.key = key,
                      .line = row.line,
                      .why = "the run stopped before its answer was recorded; the next one looks it up",
                      .candidates = {},
                      .is_left = true});
        } else {
            not_reached(key);
        }
    }
}

}  // namespace baseload
