#include "row_sorter.hpp"

#include "baseload/core/rejection.hpp"
#include "baseload/core/stop.hpp"

#include <fmt/format.h>

#include <utility>

namespace baseload {

std::optional<work_item> row_sorter::sort(const record& row, row_need need, std::uint64_t& replaced_characters) {
    switch (need) {
    case row_need::nothing: book_.unchanged(); return std::nullopt;
    case row_need::merged: book_.merged(); return std::nullopt;
    case row_need::repeat: book_.repeated(key_as_surveyed(row), row); return std::nullopt;
    case row_need::conflict: book_.rejected(row, conflict(row)); return std::nullopt;
    default: return plan_row(row, replaced_characters);
    }
}

std::optional<work_item> row_sorter::plan_row(const record& row, std::uint64_t& replaced_characters) {
    judged_row judged = judge_.judge(row);
    mapped_record& mapped = judged.mapped;
    if (!mapped.faults.empty()) {
        book_.rejected(row, std::move(mapped.faults));
        return std::nullopt;
    }
    const std::optional<entry> known = journal_.find(judged.key);
    work_item item{.key = std::move(judged.key),
                   .line = row.line,
                   .record = record_fingerprint(row, map_),
                   .fields = std::move(mapped.fields),
                   .what = {},
                   .cells = cells_to_mend(row)};
    item.what = decide(item.fields, item.record, known, options_);
    const bool goes_on =
        item.what.what == action::create || item.what.what == action::update || item.what.what == action::hold;
    if (!goes_on) {
        settle(std::move(item), known);
        return std::nullopt;
    }
    if (stop_.requested() && item.what.what != action::hold) {
        book_.not_reached(item.key);
        return std::nullopt;
    }
    if (source_.has_changed() || !book_.begin(item)) {
        refuse_changed_source();
    }
    book_.warned(mapped.warnings);
    replaced_characters += mapped.replaced_characters;
    return item;
}

std::optional<work_item> row_sorter::plan_anew(work_item item) {
    const std::optional<entry> known = journal_.find(item.key);
    item.what = decide(item.fields, item.record, known, options_);
    if (item.what.what != action::create && item.what.what != action::update) {
        settle(std::move(item), known);
        return std::nullopt;
    }
    if (stop_.requested()) {
        book_.not_reached(item.key);
        return std::nullopt;
    }
    return item;
}

void row_sorter::settle(work_item item, const std::optional<entry>& known) {
    switch (item.what.what) {
    case action::note: book_.noted(item); break;
    case action::leave: book_.left_alone(item); break;
    case action::stay_refused: reject(item, judge_.refused_before(item.line, *known->refused)); break;
    case action::reject: reject(item, judge_.nothing_to_send(item.line)); break;
    default: book_.known_unchanged(item);
    }
}

void row_sorter::reject(work_item& item, fault why) {
    book_.rejected(item.key, {item.line, std::move(item.cells), {std::move(why)}});
}

// Of a row whose key the first pass could read.
std::string row_sorter::key_as_surveyed(const record& row) const {
    if (!map_.check_shape(row).empty()) {
        refuse_changed_source();
    }
    return map_.key_of(row);
}

void row_sorter::refuse_changed_source() const {
    throw stop(exit_code::stopped, fmt::format("{}: was changed while it was read; what was not reached is left to the "
                                               "next run",
                                               source_.name()));
}

std::vector<fault> row_sorter::conflict(const record& row) const {
    std::vector<fault> faults = judge_.conflict(row.line, key_as_surveyed(row));
    if (faults.empty()) {
        refuse_changed_source();
    }
    return faults;
}

}  // namespace baseload
