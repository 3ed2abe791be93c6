#include "row_planner.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/rejection.hpp"
#include "baseload/survey/surveyor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace baseload {
namespace {

// Between looks at the source's file. As many rows as the way to the senders holds: a row that was read after a change
// has hardly left before it is noticed.
constexpr std::uint64_t rows_between_looks = 64;

}  // namespace

std::optional<work_item> row_planner::plan(const record& row, row_need need) {
    switch (need) {
    case row_need::nothing: recorder_.unchanged(); return std::nullopt;
    case row_need::skipped: recorder_.skipped(); return std::nullopt;
    case row_need::merged: recorder_.merged(); return std::nullopt;
    case row_need::repeat: recorder_.repeated(key_as_surveyed(row), row); return std::nullopt;
    case row_need::conflict:
        // The fault is made anew from the row that was read now; where it shows none the source has changed.
        recorder_.rejected(row, known_fault(validator_.conflict(row.line, key_as_surveyed(row))));
        return std::nullopt;
    case row_need::held_back:
        recorder_.rejected(key_as_surveyed(row), {row.line, cells_to_correct(row),
                                                  known_fault(validator_.held_back(row.line, key_as_surveyed(row)))});
        return std::nullopt;
    case row_need::duplicate:
        recorder_.rejected(key_as_surveyed(row), {row.line, cells_to_correct(row),
                                                  known_fault(validator_.duplicate(row.line, key_as_surveyed(row)))});
        return std::nullopt;
    default: return plan_row(row);
    }
}

void row_planner::look_ahead(const std::vector<std::string>& keys) {
    std::vector<std::optional<journal_entry>> entries = memory_.find_all(keys);
    ahead_.clear();
    for (std::size_t i = 0; i < keys.size(); ++i) {
        ahead_.emplace(keys[i], std::move(entries[i]));
    }
}

// Nobody but the row itself changes what the journal has of its key, unless it is in doubt: that may be settled since.
std::optional<journal_entry> row_planner::entry_of(const std::string& key) {
    const auto known = ahead_.extract(key);
    const bool holds = !known.empty() && !(known.mapped() && known.mapped()->in_doubt);
    return holds ? known.mapped() : memory_.find(key);
}

std::optional<work_item> row_planner::plan_row(const record& row) {
    validated_row validated = validator_.validate(row);
    mapped_record& mapped = validated.mapped;
    if (!mapped.faults.empty()) {
        recorder_.rejected(row, std::move(mapped.faults));
        return std::nullopt;
    }
    // The journal as it is now: a doubt of this key may have been settled since the first pass.
    const std::optional<journal_entry> entry = entry_of(validated.key);
    work_item item{.key = std::move(validated.key),
                   .line = row.line,
                   .record_hash = record_hash_of(row, map_),
                   .fields = std::move(mapped.fields),
                   .plan = {},
                   .cells = kept_cells(row)};
    item.plan = decide(item.fields, item.record_hash, entry, planning_);
    restore_status(item, entry);
    const bool goes_on = item.plan.action == plan_action::create || item.plan.action == plan_action::update ||
                         item.plan.action == plan_action::look_up;
    if (!goes_on) {
        settle(std::move(item), entry);
        return std::nullopt;
    }
    // A doubt goes to the resolver all the same, which holds it with its row's line: it is in doubt and not "not
    // reached".
    if (stop_.requested() && item.plan.action != plan_action::look_up) {
        recorder_.not_reached(item.key);
        return std::nullopt;
    }
    if (item.plan.action != plan_action::look_up && !may_send(item)) {
        return std::nullopt;
    }
    const bool is_time_to_look = rows_since_look_++ % rows_between_looks == 0;
    // begin() fails when the key is under way: the first pass saw no such repeat, so the source has changed.
    if ((is_time_to_look && source_.has_changed()) || !recorder_.begin(item)) {
        refuse_changed_source();
    }
    // Only here: warnings of rows that are not sent would be repeated with every run.
    recorder_.replaced(mapped.replaced_characters);
    if (!mapped.warnings.empty()) {
        recorder_.warned({row.line, cells_to_correct(row), std::move(mapped.warnings)});
    }
    return item;
}

// A row that comes back gives its client the status that [missing] took from it, unless the job maps one.
void row_planner::restore_status(work_item& item, const std::optional<journal_entry>& entry) {
    const plan_action action = item.plan.action;
    const bool is_known =
        action == plan_action::update || action == plan_action::refresh_hash || action == plan_action::nothing;
    const bool is_mapped = std::any_of(item.fields.begin(), item.fields.end(),
                                       [](const client_field& f) { return f.code == field_code::status_id; });
    if (!is_known || is_mapped || !entry || !entry->status_before_missing) {
        return;
    }
    const field_value status = *entry->status_before_missing;
    item.plan.action = plan_action::update;
    item.plan.crm_client_id = entry->client->crm_client_id;
    item.plan.sent_before = entry->client->sent;
    item.plan.hash_before = entry->client->record_hash;
    // In front, since the fields of a plan stand in the order of their codes, and that of the status is the first.
    item.plan.send.insert(item.plan.send.begin(), {field_code::status_id, status});
    item.plan.known_after.insert_or_assign(field_code::status_id, hash_of_value(status));
    item.restores_status = true;
}

// From the item's own fields: the source is not read again. decide() sees the client that a look-up has linked.
std::optional<work_item> row_planner::replan(work_item item) {
    const std::optional<journal_entry> entry = memory_.find(item.key);
    item.plan = decide(item.fields, item.record_hash, entry, planning_);
    if (item.plan.action != plan_action::create && item.plan.action != plan_action::update) {
        settle(std::move(item), entry);
        return std::nullopt;
    }
    if (stop_.requested()) {
        recorder_.not_reached(item.key);
        return std::nullopt;
    }
    return may_send(item) ? std::optional(std::move(item)) : std::nullopt;
}

// False where the run has sent as many as it was told to.
bool row_planner::may_send(const work_item& item) {
    if (rows_to_send_ == 0) {
        recorder_.left(item.key);
        return false;
    }
    --rows_to_send_;
    return true;
}

void row_planner::settle(work_item item, const std::optional<journal_entry>& entry) {
    switch (item.plan.action) {
    case plan_action::refresh_hash: recorder_.hash_refreshed(item); break;
    case plan_action::skip_deleted: recorder_.left_alone(item); break;
    case plan_action::skip_refused: reject(item, validator_.refused_before(item.line, *entry->refused)); break;
    case plan_action::reject: reject(item, validator_.nothing_to_send(item.line)); break;
    // A linked client may already be as the row says.
    default: recorder_.known_unchanged(item);
    }
}

void row_planner::reject(work_item& item, fault why) {
    recorder_.rejected(item.key, {item.line, item.cells.cells(), {std::move(why)}});
}

// Of a row whose key the first pass could read.
std::string row_planner::key_as_surveyed(const record& row) const {
    if (!map_.check_shape(row).empty()) {
        refuse_changed_source();
    }
    return map_.key_of(row);
}

void row_planner::refuse_changed_source() const {
    throw command_error(exit_code::stopped,
                        fmt::format("{}: was changed while it was read; what was not reached is left to the "
                                    "next run",
                                    source_.name()));
}

// Of a row in which the first pass saw a fault.
std::vector<fault> row_planner::known_fault(std::vector<fault> faults) const {
    if (faults.empty()) {
        refuse_changed_source();
    }
    return faults;
}

}  // namespace baseload
