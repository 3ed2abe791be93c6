#include "baseload/run/survey.hpp"

#include "baseload/core/stop.hpp"
#include "baseload/core/text.hpp"
#include "baseload/plan/plan.hpp"
#include "key_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace baseload {
namespace {

constexpr std::uint64_t rows_between_questions = 4096;
constexpr std::uint64_t bytes_of_a_short_row = 100;
constexpr std::size_t most_named_similar = 20;

row_need need_of(action what) {
    switch (what) {
    case action::create: return row_need::create;
    case action::update: return row_need::update;
    case action::note: return row_need::note;
    case action::leave: return row_need::leave;
    case action::hold: return row_need::hold;
    case action::nothing: return row_need::nothing;
    case action::reject:
    case action::stay_refused: break;
    }
    return row_need::reject;
}

class surveyor {
public:
    surveyor(const record_source& source, const mapper& map, journal& known, const plan_options& options)
        : source_(source), map_(map), known_(known), options_(options),
          index_(std::max(known.client_count(), source.size() / bytes_of_a_short_row / 4)) {
        known_.each_key([this](const fingerprint& key, const fingerprint& record, bool has_client) {
            key_index::slot& slot = index_.at(key);
            slot.ordinal = key_index::in_journal_alone;
            slot.line = has_client ? key_index::has_client : 0;
            slot.record = key_index::record_bits(record);  // what tells most comes last
        });
    }

    survey run(const std::function<bool()>& keep_going) {
        const auto reader = source_.read();
        record row;
        while (reader->next(row)) {
            if (found_.rows.size() % rows_between_questions == 0 && !keep_going()) {
                throw stop(exit_code::stopped, "stopped while the source was checked; nothing was sent");
            }
            if (found_.rows.size() == key_index::in_journal_alone) {
                throw stop(exit_code::usage, fmt::format("{}: has more than 4 billion rows; split it", source_.name()));
            }
            found_.rows.push_back(look_at(row));
        }
        find_similar_creates();
        index_.each([this](const key_index::slot& slot) {
            if (slot.ordinal == key_index::in_journal_alone && slot.line == key_index::has_client) {
                found_.missing.push_back(slot.key);
            }
        });
        return std::move(found_);
    }

private:
    row_need look_at(const record& row) {
        const bool is_ragged = !map_.check_shape(row).empty();
        const std::string key = is_ragged ? std::string{} : map_.key_of(row);
        if (key.empty()) {
            ++found_.rows_without_key;
            return row_need::reject;
        }
        const fingerprint hash = key_hash(key);
        const fingerprint fp = record_fingerprint(row, map_);
        key_index::slot& slot = index_.at(hash);
        if (slot.ordinal < key_index::in_journal_alone) {
            return meet_again(slot, row, fp);
        }
        const bool in_journal = slot.ordinal == key_index::in_journal_alone;
        const bool unchanged = slot.record == key_index::record_bits(fp);
        slot.record = key_index::record_bits(fp);
        slot.ordinal = static_cast<std::uint32_t>(found_.rows.size());
        slot.line = static_cast<std::uint32_t>(row.line);
        if (unchanged) {
            return row_need::nothing;
        }
        const row_need need = plan_row(row, in_journal ? known_.find(key) : std::nullopt, fp);
        if (need == row_need::create && !in_journal) {
            look_for_similar(key, row.line);
        }
        return need;
    }

    // Among the keys met so far, and the journal's. Other spellings than these are not thought
    // of: a whole list of folded keys would cost more memory than the rest of the survey.
    void look_for_similar(const std::string& key, std::uint64_t line) {
        const std::string fold = folded(key);
        new_keys_.push_back({fingerprint_of(fold).low, line});
        for (const std::string& other : {ascii_lower(key), ascii_upper(key), fold, ascii_upper(fold)}) {
            const key_index::slot* slot = other == key ? nullptr : index_.look_up(key_hash(other));
            if (slot != nullptr && slot->ordinal >= key_index::in_journal_alone) {
                add_similar({.line = line, .other_line = 0, .key = key, .other = other});
                return;
            }
            if (slot != nullptr && found_.rows[slot->ordinal] != row_need::create) {
                add_similar({.line = line, .other_line = slot->line, .key = key, .other = other});
                return;
            }
        }
    }

    void find_similar_creates() {
        std::sort(new_keys_.begin(), new_keys_.end());
        for (std::size_t i = 1; i < new_keys_.size(); ++i) {
            if (new_keys_[i].first == new_keys_[i - 1].first) {
                add_similar(
                    {.line = new_keys_[i].second, .other_line = new_keys_[i - 1].second, .key = {}, .other = {}});
            }
        }
    }

    void add_similar(similar_key s) {
        ++found_.similar_keys;
        if (found_.similar.size() < most_named_similar) {
            found_.similar.push_back(std::move(s));
        }
    }

    row_need meet_again(const key_index::slot& first, const record& row, const fingerprint& fp) {
        const row_need before = found_.rows[first.ordinal];
        if (before != row_need::conflict && first.record == key_index::record_bits(fp)) {
            repeats_[first.key].push_back({static_cast<std::uint32_t>(found_.rows.size()), row.line});
            return repeat_of(before, first.key);
        }
        auto& lines = found_.conflicts[first.key];
        if (lines.empty()) {
            lines.push_back(first.line);
            found_.rows[first.ordinal] = row_need::conflict;
            // Rows that were equal so far are part of it.
            for (const auto& [ordinal, line] : repeats_[first.key]) {
                found_.rows[ordinal] = row_need::conflict;
                lines.push_back(line);
            }
            repeats_.erase(first.key);
            found_.repeated.erase(first.key);
        }
        lines.push_back(row.line);
        return row_need::conflict;
    }

    row_need repeat_of(row_need first, const fingerprint& key) {
        if (first == row_need::nothing) {
            return row_need::merged;
        }
        if (first == row_need::reject) {
            return row_need::reject;
        }
        found_.repeated.insert(key);
        return row_need::repeat;
    }

    row_need plan_row(const record& row, const std::optional<entry>& known, const fingerprint& fp) {
        const mapped_record mapped = map_.map(row);
        if (!mapped.faults.empty()) {
            return row_need::reject;
        }
        return need_of(decide(mapped.fields, fp, known, options_).what);
    }

    const record_source& source_;
    const mapper& map_;
    journal& known_;
    plan_options options_;
    key_index index_;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> new_keys_;  // hash of the folded key, and line
    std::map<fingerprint, std::vector<std::pair<std::uint32_t, std::uint64_t>>> repeats_;  // their ordinals and lines
    survey found_;
};

}  // namespace

std::array<std::uint64_t, row_needs> survey::counts() const {
    std::array<std::uint64_t, row_needs> found{};
    for (const row_need need : rows) {
        ++found[static_cast<std::size_t>(need)];
    }
    return found;
}

survey make_survey(const record_source& source, const mapper& map, journal& known, const plan_options& options,
                   const std::function<bool()>& keep_going) {
    return surveyor(source, map, known, options).run(keep_going);
}

fingerprint record_fingerprint(const record& row, const mapper& map) {
    const std::uint64_t rules = map.rules().low;
    return map.has_files() ? fingerprint_of(std::string(row.raw) + map.file_versions(row), rules)
                           : fingerprint_of(row.raw, rules);
}

}  // namespace baseload
