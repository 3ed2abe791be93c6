#include "key_directory.hpp"

#include <algorithm>
#include <utility>

namespace baseload {
namespace {

// A pack that has grown beyond the first is split into packs of the second: 2 to 3 KiB, some of them to a page.
constexpr std::size_t max_pack = 160;
constexpr std::size_t split_pack = 80;

// While a run writes, the log is folded when it is a quarter of what is packed: each row is then rewritten four times
// on the way to any size. At the run's end a sixteenth is enough; what is shorter costs the next run's start nothing.
constexpr std::uint64_t min_long_log = 32'768;
constexpr std::uint64_t long_share = 4;
constexpr std::uint64_t worthwhile_share = 16;

// About 4 MiB with the overhead of the table. Beyond that they are forgotten all at once, which costs a query for each
// that is asked for again.
constexpr std::size_t max_looked_up = 65'536;

// A query costs as much as reading some two hundred keys.
constexpr std::uint64_t min_in_vain = 1'000;
constexpr std::uint64_t in_vain_share = 256;

constexpr std::size_t filter_growth = 4;

// Keys of one place stay together: a key is looked for in the last pack that begins at or before its place: those of
// its place in the pack before that would not be found.
std::size_t end_of_piece(const std::vector<key_row>& rows, std::size_t from) {
    std::size_t end = std::min(from + split_pack, rows.size());
    while (end < rows.size() && place_of(rows[end].key) == place_of(rows[end - 1].key)) {
        ++end;
    }
    return end;
}

}  // namespace

// Also after a rollback: what put() has kept in memory may belong to the transaction that was lost.
void key_directory::load() {
    changes_.clear();
    unwritten_.clear();
    looked_up_.clear();
    logged_ = 0;
    {
        // In the order of the commits, so that the last change of a key is the one that stays.
        sql_rows log = session_.query("SELECT rows FROM key_log ORDER BY number");
        while (log.next()) {
            for (const key_row& row : rows_of_log(log.bytes(0))) {
                changes_.insert_or_assign(row.key, last_change{row.record, row.client});
                ++logged_;
            }
        }
    }
    sql_rows packs = session_.query("SELECT CAST(coalesce(sum(count), 0) AS BIGINT) FROM key_pack");
    static_cast<void>(packs.next());
    packed_ = static_cast<std::uint64_t>(packs.integer(0));
    are_filtered_ = are_filtered_ || packed_ == 0;
}

// A pack covers its own place up to that of the next one, so the last one that begins at or before the key is the only
// one that can hold it.
constexpr const char* select_pack = "SELECT rows FROM key_pack WHERE place <= ? ORDER BY place DESC LIMIT 1";

// The changes first: what they say of a key is newer than any pack.
bool key_directory::is_known_in_memory(const fingerprint& key, std::optional<key_row>& found) const {
    for (const auto* rows : {&changes_, &looked_up_}) {
        if (const auto known = rows->find(key); known != rows->end()) {
            const auto [record, client] = known->second;
            found = client == 0 ? std::nullopt : std::optional(key_row{key, record, client});
            return true;
        }
    }
    return is_surely_in_no_pack(key);
}

// A first import asks for keys that are nowhere: it needs no query at all.
bool key_directory::is_surely_in_no_pack(const fingerprint& key) const {
    return packed_ == 0 || (are_filtered_ && std::none_of(filters_.begin(), filters_.end(),
                                                          [&](const key_filter& f) { return f.may_have(key); }));
}

// Once many were asked for in vain: all packs are read for that.
void key_directory::filter_all_packs() {
    key_filter& filter = filters_.emplace_back(packed_);
    sql_rows packs = session_.query("SELECT rows FROM key_pack ORDER BY place");
    while (packs.next()) {
        for (const key_row& row : rows_of_pack(packs.bytes(0))) {
            filter.add(row.key);
        }
    }
    are_filtered_ = true;
}

std::optional<key_row> key_directory::find(const fingerprint& key) {
    std::optional<key_row> found;
    if (is_known_in_memory(key, found)) {
        return found;
    }
    {
        sql_rows s = session_.query(select_pack, place_of(key));
        found = s.next() ? find_in_pack(s.bytes(0), key) : std::nullopt;
    }
    note_found(key, found);
    return found;
}

std::vector<std::optional<key_row>> key_directory::find_all(std::span<const fingerprint> keys) {
    std::vector<std::optional<key_row>> found(keys.size());
    std::vector<std::size_t> asked;
    std::vector<sql_value> places;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (!is_known_in_memory(keys[i], found[i])) {
            asked.push_back(i);
            places.emplace_back(place_of(keys[i]));
        }
    }
    session_.query_each(select_pack, places, [&](std::size_t i, sql_rows& row) {
        found[asked[i]] = find_in_pack(row.bytes(0), keys[asked[i]]);
    });
    for (const std::size_t i : asked) {
        note_found(keys[i], found[i]);
    }
    return found;
}

// Who is about to create or to update a client asks for its key more than once.
void key_directory::note_found(const fingerprint& key, const std::optional<key_row>& found) {
    if (looked_up_.size() >= max_looked_up) {
        looked_up_.clear();
    }
    looked_up_.insert_or_assign(key, found ? last_change{found->record, found->client} : last_change{});
    if (!found && !are_filtered_ && ++asked_in_vain_ > std::max(min_in_vain, packed_ / in_vain_share)) {
        filter_all_packs();
    }
}

// `logged_` counts rows and not keys: a key that changes twice makes the log longer twice, and the log's length is what
// a start reads.
void key_directory::put(const key_row& row) {
    changes_.insert_or_assign(row.key, last_change{row.record, row.client});
    append_row(unwritten_, row);
    ++logged_;
}

void key_directory::flush() {
    if (has_unwritten()) {
        // One blob for all rows of a commit: it costs the pages that the rows fill, and not a page for the place of
        // each hash.
        session_.change("INSERT INTO key_log (rows) VALUES (?)", sql_bytes{std::exchange(unwritten_, {})});
    }
}

// A key may be in a pack and in the changes, and is counted twice then; it is exact after a fold.
std::uint64_t key_directory::count() {
    return packed_ + changes_.size();
}

std::vector<key_row> key_directory::sorted_changes() const {
    std::vector<key_row> sorted;
    sorted.reserve(changes_.size());
    for (const auto& [key, change] : changes_) {
        sorted.push_back({key, change.record, change.client});
    }
    std::sort(sorted.begin(), sorted.end(), [](const key_row& a, const key_row& b) { return a.key < b.key; });
    return sorted;
}

// Merges two sorted sequences, so that nothing is held in memory but the changes and one pack.
void key_directory::each(const std::function<void(const key_row&)>& visit) {
    const std::vector<key_row> changes = sorted_changes();
    auto change = changes.begin();
    const auto visit_changes_before = [&](const fingerprint* key) {
        for (; change != changes.end() && (key == nullptr || change->key < *key); ++change) {
            // Client 0: the key was taken out, and it may be in a pack still.
            if (change->client != 0) {
                visit(*change);
            }
        }
    };
    sql_rows packs = session_.query("SELECT rows FROM key_pack ORDER BY place");
    while (packs.next()) {
        for (const key_row& row : rows_of_pack(packs.bytes(0))) {
            visit_changes_before(&row.key);
            // The change itself is visited by the next call of visit_changes_before, since its key is below the
            // next row's.
            const bool is_changed = change != changes.end() && change->key == row.key;
            if (!is_changed) {
                visit(row);
            }
        }
    }
    // Those behind the last row of the last pack.
    visit_changes_before(nullptr);
}

bool key_directory::is_log_long() {
    return logged_ > std::max(min_long_log, packed_ / long_share);
}

bool key_directory::is_log_worth_folding() {
    return logged_ > packed_ / worthwhile_share;
}

key_directory::pack key_directory::pack_around(std::int64_t place) {
    // Before the first fold there is no pack: the first one begins at the lowest place of all, so that every key
    // has a pack.
    pack found{.begin = first_place, .rows = {}};
    sql_rows s = session_.query("SELECT place, rows FROM key_pack WHERE place <= ? ORDER BY place DESC LIMIT 1", place);
    if (s.next()) {
        found = {s.integer(0), rows_of_pack(s.bytes(1))};
    }
    return found;
}

std::optional<std::int64_t> key_directory::next_pack(std::int64_t begin) {
    sql_rows s = session_.query("SELECT place FROM key_pack WHERE place > ? ORDER BY place LIMIT 1", begin);
    return s.next() ? std::optional(s.integer(0)) : std::nullopt;
}

// An upsert, since a fold rewrites packs that are there and adds the pieces of those that it splits.
void key_directory::write_pack(std::int64_t begin, const std::vector<key_row>& rows) {
    session_.change("INSERT INTO key_pack (place, count, rows) VALUES (?, ?, ?) ON CONFLICT (place) DO UPDATE SET "
                    "count = excluded.count, rows = excluded.rows",
                    begin, std::uint64_t{rows.size()}, sql_bytes{pack_rows(rows)});
}

// Each pack that has changes is read and written once. A kill in between leaves packs and log as they were, since all
// of it is one transaction (tests/journal/power_loss_test.cpp). A pack that has lost all its rows stays, empty, and
// still covers its places.
void key_directory::fold() {
    flush();
    const std::vector<key_row> changes = sorted_changes();
    for (auto at = changes.begin(); at != changes.end();) {
        const pack old = pack_around(place_of(at->key));
        const std::optional<std::int64_t> next = next_pack(old.begin);
        // All the changes that belong to this pack: those before the place where the next one begins.
        const auto end =
            std::find_if(at, changes.end(), [&](const key_row& row) { return next && place_of(row.key) >= *next; });
        const std::vector<key_row> rows = merged_rows(old.rows, {at, end});
        if (rows.size() <= max_pack) {
            write_pack(old.begin, rows);
        } else {
            for (std::size_t from = 0; from < rows.size();) {
                const std::size_t to = end_of_piece(rows, from);
                const auto begin = rows.begin();
                // The first piece keeps the place of the old pack, and so replaces it; the others begin where their
                // first key stands.
                write_pack(from == 0 ? old.begin : place_of(rows[from].key),
                           {begin + static_cast<std::ptrdiff_t>(from), begin + static_cast<std::ptrdiff_t>(to)});
                from = to;
            }
        }
        at = end;
    }
    if (are_filtered_) {
        // With room for some folds to come: of many filters each would let some keys through.
        if (filters_.empty() || filters_.back().is_full()) {
            filters_.emplace_back((packed_ + changes.size()) * filter_growth);
        }
        for (const key_row& change : changes) {
            filters_.back().add(change.key);
        }
    }
    // load() then empties what is in memory too, and counts the packs anew.
    session_.change("DELETE FROM key_log");
    load();
}

}  // namespace baseload
