#include "baseload/survey/surveyor.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/plan/plan.hpp"
#include "baseload/survey/question.hpp"
#include "key_index.hpp"
#include "like_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace baseload {
namespace {

// One round trip for as many rows, where the journal is behind a network (find_all).
constexpr std::size_t changed_rows_at_once = 256;
// The source's size is divided by this and by four: a guess that is rather too low, since the index grows when it must.
constexpr std::uint64_t bytes_of_a_short_row = 100;
constexpr std::size_t max_new_keys = 3;
constexpr std::size_t fewest_to_tell = 5;

row_need need_of(plan_action action) {
    switch (action) {
    case plan_action::create: return row_need::create;
    case plan_action::update: return row_need::update;
    case plan_action::refresh_hash: return row_need::refresh_hash;
    case plan_action::skip_deleted: return row_need::skip_deleted;
    case plan_action::look_up: return row_need::look_up;
    case plan_action::nothing: return row_need::nothing;
    case plan_action::reject:
    // A refused row counts as rejected again, until it changes or --retry-rejected is given.
    case plan_action::skip_refused: break;
    }
    return row_need::reject;
}

class surveyor {
public:
    surveyor(const record_source& source, const mapper& map, client_memory& memory, const plan_options& planning,
             const survey_options& options)
        : source_(source), map_(map), memory_(memory), planning_(planning), options_(options),
          index_(std::max(memory.client_count(), source.size() / bytes_of_a_short_row / 4)) {
        found_.division.bits = map_.rules().low;
        // Before the first row, so that each row of a rerun costs one look into memory and no query.
        memory_.each_key([this](const known_key& known) {
            key_index::slot& slot = index_.at(known.key);
            slot.ordinal = key_index::in_journal_alone;
            slot.line = known.has_client ? key_index::has_client : 0;
            slot.record = known.record_hash.bits;
            found_.known_clients += known.has_client ? 1 : 0;
        });
    }

    survey run() {
        const std::function<bool()>& keep_going = options_.keep_going;
        const auto reader = source_.read();
        record row;
        while (reader->next(row)) {
            if (found_.rows.size() % rows_between_questions == 0) {
                throw_unless(keep_going);
            }
            // Ordinals have 32 bits, and the two highest numbers have a meaning of their own.
            if (found_.rows.size() == key_index::in_journal_alone) {
                throw command_error(exit_code::usage,
                                    fmt::format("{}: has more than 4 billion rows; split it", source_.name()));
            }
            note_end(row);
            const row_need need = look_at(row);
            // Before the need is final: a changed row may turn out to need nothing, and feed_kept_rows
            // (import/importer) passes it over.
            if (need != row_need::nothing && need != row_need::merged && need != row_need::skipped) {
                found_.kept.keep(found_.rows.size(), row);
            }
            found_.rows.push_back(need);
            if (changed_.size() == changed_rows_at_once) {
                plan_changed_rows();
            }
        }
        if (const auto line = reader->open_end()) {
            // Of several files it may be the end of another than the last: of that one, the line is all that is known.
            found_.open_end = *line == end_.line ? end_ : source_end{.line = *line};
        }
        found_.remarks = reader->remarks();
        plan_changed_rows();
        likes_.name_new_ones();
        std::sort(skipped_.begin(), skipped_.end());
        index_.each([this](const key_index::slot& slot) {
            if (is_client_without_row(slot) && !std::binary_search(skipped_.begin(), skipped_.end(), slot.key())) {
                found_.missing.push_back(slot.key());
            }
        });
        likes_.spare_skipped(memory_, keep_going);
        if (options_.hold_keys) {
            likes_.hold_back(memory_, keep_going);
        }
        return std::move(found_);
    }

private:
    // A row whose key the journal knows and whose record has changed: what it needs is asked for many at once.
    struct changed_row {
        std::size_t ordinal = 0;
        content_hash record_hash;
        client_fields fields;
    };

    // The hot path: an unchanged row costs its key's hash, its record's hash and one look, and is not mapped.
    row_need look_at(const record& row) {
        const bool is_ragged = !map_.check_shape(row).empty();
        const std::string key = is_ragged ? std::string{} : map_.key_of(row);
        if (!options_.part.is_whole()) {
            note_shard(row, key);
        }
        if (!is_ragged && map_.skips(row)) {
            note_skipped(key);
            return row_need::skipped;
        }
        if (key.empty()) {
            ++found_.rows_without_key;
            return row_need::reject;
        }
        const fingerprint hash = key_hash(key);
        // The slot comes into the cache while the record is hashed.
        index_.expect(hash);
        const content_hash fp = record_hash_of(row, map_);
        key_index::slot& slot = index_.at(hash);
        // An ordinal of a row of this source: its key was met before.
        if (slot.ordinal < key_index::in_journal_alone) {
            return meet_again(slot, row, fp);
        }
        const bool in_journal = slot.ordinal == key_index::in_journal_alone;
        const bool unchanged = slot.record_hash() == fp;
        // From here on the slot is about the source: a second row with this key is compared with this one, and not with
        // the journal.
        slot.record = fp.bits;
        slot.ordinal = static_cast<std::uint32_t>(found_.rows.size());
        slot.line = static_cast<std::uint32_t>(row.line);
        if (unchanged) {
            return row_need::nothing;
        }
        mapped_record mapped = map_.map(row);
        if (!mapped.faults.empty()) {
            return row_need::reject;
        }
        if (in_journal) {
            // Asked for later, many at once: a query for each would wait for the journal with each.
            changed_keys_.push_back(key);
            changed_.push_back({found_.rows.size(), fp, std::move(mapped.fields)});
            return row_need::reject;  // until it is planned
        }
        const row_need need = need_of(action_for_new(mapped.fields));
        if (need == row_need::create) {
            note_new(key, row.line, mapped.fields);
        }
        return need;
    }

    static bool is_client_without_row(const key_index::slot& slot) {
        return slot.ordinal == key_index::in_journal_alone && slot.line == key_index::has_client;
    }

    void note_shard(const record& row, const std::string& key) {
        const shard& part = options_.part;
        const std::uint32_t number = key.empty() ? part.number_of_record(row.raw) : part.number_of_key(key);
        found_.is_elsewhere.push_back(number != part.number);
        // A chain: the order of the rows belongs to it.
        found_.division = content_hash_of(row.raw, found_.division.bits + number);
    }

    // The customer is in the source, and so not missing; where the key cannot be read, it may be anybody's.
    void note_skipped(const std::string& key) {
        if (key.empty()) {
            ++found_.rows_without_key;
            return;
        }
        const key_index::slot* slot = index_.look_up(key_hash(key));
        if (slot != nullptr && is_client_without_row(*slot)) {
            skipped_.push_back(slot->key());
        } else if (slot == nullptr) {
            likes_.add_skipped(key);
        }
    }

    // Of the record that is the last so far.
    void note_end(const record& row) {
        shortest_last_ = std::min(shortest_last_, last_length_);
        last_length_ = row.cells.empty() ? 0 : row.cells.back().size();
        end_ = {.line = row.line,
                .has_fewer = row.cells.size() < columns_,
                // Of two or three records nobody can say how long their last cells are.
                .is_shorter = found_.rows.size() >= fewest_to_tell && last_length_ < shortest_last_};
    }

    void note_new(const std::string& key, std::uint64_t line, const client_fields& fields) {
        const auto ordinal = static_cast<std::uint32_t>(found_.rows.size());
        if (found_.new_keys.size() < max_new_keys) {
            found_.new_keys.push_back(key);
        }
        likes_.add_new(key, ordinal, line, [this](std::uint32_t other) {
            plan_changed_rows();  // the other row may wait for its plan
            return found_.rows[other];
        });
        for (const telling_value& value : telling_values(fields)) {
            found_.marks.emplace_back(mark_of(value), ordinal);
        }
    }

    void plan_changed_rows() {
        const std::vector<std::optional<journal_entry>> entries = memory_.find_all(changed_keys_);
        for (std::size_t i = 0; i < changed_.size(); ++i) {
            const changed_row& row = changed_[i];
            found_.rows[row.ordinal] = need_of(decide(row.fields, row.record_hash, entries[i], planning_).action);
        }
        changed_.clear();
        changed_keys_.clear();
    }

    row_need meet_again(const key_index::slot& first, const record& row, content_hash fp) {
        plan_changed_rows();
        const fingerprint key = first.key();
        const row_need before = found_.rows[first.ordinal];
        // Equal so far. Once two rows differ, all further ones are part of the conflict, also those that equal the
        // first.
        if (before != row_need::conflict && first.record_hash() == fp) {
            repeats_[key].push_back({static_cast<std::uint32_t>(found_.rows.size()), row.line});
            return repeat_of(before, key);
        }
        key_conflict& conflict = found_.conflicts[key];
        if (conflict.rows == 0) {
            conflict.first_need = before;
            add_to(conflict, first.line);
            if (before == row_need::nothing) {
                found_.kept.give_up();  // the first row needed nothing so far, and was not kept
            }
            // The first row must not be sent either: nobody can say which of them is right.
            found_.rows[first.ordinal] = row_need::conflict;
            // Rows that were equal so far are part of it.
            for (const auto& [ordinal, line] : repeats_[key]) {
                found_.rows[ordinal] = row_need::conflict;
                add_to(conflict, line);
            }
            repeats_.erase(key);
            found_.repeated.erase(key);
        }
        add_to(conflict, row.line);
        return row_need::conflict;
    }

    static void add_to(key_conflict& conflict, std::uint64_t line) {
        ++conflict.rows;
        if (conflict.lines.size() < max_conflict_lines) {
            conflict.lines.push_back(line);
        }
    }

    row_need repeat_of(row_need first, const fingerprint& key) {
        // Nothing becomes of the first row that a repeat would have to wait for.
        if (first == row_need::nothing) {
            return row_need::merged;
        }
        if (first == row_need::reject) {
            return row_need::reject;
        }
        found_.repeated.insert(key);
        return row_need::repeat;
    }

    const record_source& source_;
    const mapper& map_;
    client_memory& memory_;
    plan_options planning_;
    const survey_options& options_;
    survey found_;
    key_index index_;
    like_keys likes_{found_, index_};
    std::vector<fingerprint> skipped_;  // keys of known clients whose rows are left out
    std::map<fingerprint, std::vector<std::pair<std::uint32_t, std::uint64_t>>> repeats_;  // their ordinals and lines
    std::size_t columns_ = source_.columns().names.size();
    source_end end_;
    std::size_t last_length_ = std::numeric_limits<std::size_t>::max();
    std::size_t shortest_last_ = std::numeric_limits<std::size_t>::max();
    std::vector<changed_row> changed_;
    std::vector<std::string> changed_keys_;  // of these, likewise
};

}  // namespace

survey make_survey(const record_source& source, const mapper& map, client_memory& memory, const plan_options& planning,
                   const survey_options& options) {
    return surveyor(source, map, memory, planning, options).run();
}

content_hash record_hash_of(const record& row, const mapper& map) {
    // The job's rules are the seed: when they change, every row counts as changed and is mapped anew.
    const std::uint64_t rules = map.rules().low;
    return map.has_files() ? content_hash_of(std::string(row.raw) + map.file_versions(row), rules)
                           : content_hash_of(row.raw, rules);
}

}  // namespace baseload
