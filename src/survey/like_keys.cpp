#include "like_keys.hpp"

#include "baseload/core/loose_key.hpp"
#include "baseload/core/summary.hpp"
#include "baseload/core/text.hpp"
#include "baseload/survey/question.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace baseload {
namespace {

std::uint64_t loose_hash(const std::string& key) {
    return fingerprint_of(loose_key(key)).low;
}

}  // namespace

// Among the keys met so far, and the journal's. Other spellings than these are not thought of: a whole list of folded
// keys would cost more memory than the rest of the survey.
void like_keys::add_new(const std::string& key, std::uint32_t ordinal, std::uint64_t line, const row_need_now& need) {
    new_keys_.push_back({loose_hash(key), ordinal, static_cast<std::uint32_t>(line)});
    const std::string fold = folded(key);
    for (const std::string& other : {ascii_lower(key), ascii_upper(key), fold, ascii_upper(fold)}) {
        const key_index::slot* slot = other == key ? nullptr : index_.look_up(key_hash(other));
        if (slot == nullptr) {
            continue;
        }
        const bool is_row = slot->ordinal < key_index::in_journal_alone;
        // Two new ones are named at the end, whatever their spelling.
        if (!is_row || need(slot->ordinal) != row_need::create) {
            name({.line = line, .other_line = is_row ? slot->line : 0, .key = key, .other = other});
            return;
        }
    }
}

void like_keys::add_skipped(const std::string& key) {
    skipped_.push_back(loose_hash(key));
}

void like_keys::spare_skipped(client_memory& memory, const std::function<bool()>& keep_going) {
    if (skipped_.empty()) {
        return;
    }
    std::sort(skipped_.begin(), skipped_.end());
    std::uint64_t looked_at = 0;
    std::erase_if(found_.missing, [&](const fingerprint& missing) {
        if (++looked_at % rows_between_questions == 0) {
            throw_unless(keep_going);
        }
        const std::optional<run_client> known = memory.client_of(missing);
        return known && std::binary_search(skipped_.begin(), skipped_.end(), loose_hash(known->key));
    });
}

void like_keys::name_new_ones() {
    // For hold_back_like() too, which searches by the hash.
    std::sort(new_keys_.begin(), new_keys_.end());
    for (std::size_t i = 1; i < new_keys_.size(); ++i) {
        if (new_keys_[i].loose == new_keys_[i - 1].loose) {
            name({.line = new_keys_[i].line, .other_line = new_keys_[i - 1].line, .key = {}, .other = {}});
        }
    }
}

void like_keys::hold_back(client_memory& memory, const std::function<bool()>& keep_going) {
    std::uint64_t looked_at = 0;
    std::set<fingerprint> held;
    for (const fingerprint& missing : found_.missing) {
        if (new_keys_.empty()) {
            break;
        }
        if (++looked_at % rows_between_questions == 0) {
            throw_unless(keep_going);
        }
        const std::optional<run_client> known = memory.client_of(missing);
        if (known && hold_back_like(known->key)) {
            held.insert(missing);
        }
    }
    // Their rows are there, written in another form: nobody is missing.
    std::erase_if(found_.missing, [&](const fingerprint& key) { return held.contains(key); });
    found_.held_clients = held.size();
    // A create in doubt may have made its customer: a new key like its own may be the same one.
    for (const std::string& doubtful : memory.doubtful_keys()) {
        const key_index::slot* slot = index_.look_up(key_hash(doubtful));
        if (slot != nullptr && slot->ordinal == key_index::in_journal_alone) {
            static_cast<void>(hold_back_like(doubtful));
        }
    }
    std::erase_if(found_.similar, [&](const similar_key& pair) {
        const bool is_held = found_.held_back.contains(pair.line);
        found_.similar_keys -= is_held ? 1 : 0;
        return is_held;
    });
}

bool like_keys::hold_back_like(const std::string& known) {
    bool is_held = false;
    const std::uint64_t hash = loose_hash(known);
    auto at = std::lower_bound(new_keys_.begin(), new_keys_.end(), new_key{.loose = hash, .ordinal = 0, .line = 0});
    for (; at != new_keys_.end() && at->loose == hash; ++at) {
        // The row may have become part of a conflict since it was added.
        if (found_.rows[at->ordinal] == row_need::create) {
            found_.rows[at->ordinal] = row_need::held_back;
            found_.held_back.emplace(at->line, known);
            is_held = true;
        }
    }
    return is_held;
}

void like_keys::name(similar_key pair) {
    ++found_.similar_keys;
    if (found_.similar.size() < max_named) {
        found_.similar.push_back(std::move(pair));
    }
}

}  // namespace baseload
