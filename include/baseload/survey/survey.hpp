#pragma once

#include "baseload/core/fingerprint.hpp"
#include "baseload/survey/kept_records.hpp"
#include "baseload/survey/same_customer.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace baseload {

// What the first pass found a row to need.
enum class row_need : std::uint8_t {
    nothing,  // known, and its record did not change
    create,
    update,
    refresh_hash,  // its record changed, but no mapped field did
    skip_deleted,  // its client was deleted in the panel
    look_up,       // its key is in doubt
    reject,        // faults, or refused by the server before
    skipped,       // left out by the job ([source] only, skip)
    merged,        // equal to an earlier row that needs nothing
    repeat,        // equal to an earlier row: what becomes of that becomes of this
    conflict,      // shares its key with a row that differs
    held_back,     // its key is new, and like that of a client which no row has
    duplicate,     // is another row's customer, it seems, and the job rejects such rows
    elsewhere      // is of another shard
};

inline constexpr std::size_t row_needs = 14;

// A new key that differs from another by its form alone (loose_key): most likely one customer under two spellings, who
// is about to become two clients.
struct similar_key {
    std::uint64_t line = 0;
    std::uint64_t other_line = 0;  // of an earlier row; 0 when the other is in the journal alone
    std::string key;
    std::string other;  // likewise; both are blank where the source has two new ones
};

// The rows of one key that differ.
struct key_conflict {
    std::vector<std::uint64_t> lines;  // of the first ones
    std::uint64_t rows = 0;            // all of them
    row_need first_need{};             // what the first needed before the second came
    std::vector<std::string> columns;  // that a field uses, and in which they differ
};

inline constexpr std::size_t max_conflict_lines = 10;

// The end of a source whose last record has no line end, as where an export was cut off.
struct source_end {
    std::uint64_t line = 0;   // of the last record
    bool has_fewer = false;   // cells than the header
    bool is_shorter = false;  // its last cell than that of any other record
};

// The first pass over a source, over before anything is sent.
struct survey {
    std::vector<row_need> rows;                         // by their order in the source
    std::map<fingerprint, key_conflict> conflicts;      // by the key's hash
    std::set<fingerprint> repeated;                     // key hashes of the rows with repeats
    std::vector<similar_key> similar;                   // at most max_named
    std::uint64_t similar_keys = 0;                     // how many there are
    std::map<std::uint64_t, std::string> held_back;     // line of a row → the known key that its key is like
    std::uint64_t held_clients = 0;                     // that these are like
    std::vector<std::string> new_keys;                  // the first ones, for messages
    std::uint64_t known_clients = 0;                    // that the journal has
    std::vector<fingerprint> missing;                   // keys of known clients that no row has
    std::uint64_t rows_without_key = 0;                 // that can be read
    customer_marks marks;                               // of the rows to be created, until the source is known
    std::vector<same_customer> same_customers;          // at most max_named
    std::uint64_t same_customers_count = 0;             // how many there are
    std::map<std::uint64_t, duplicate_row> duplicates;  // by the line of the row that is rejected
    std::optional<source_end> open_end;                 // where the last record's line has no end
    std::vector<std::string> remarks;                   // of the source, after the whole pass
    kept_records kept;                                  // all rows but those that need nothing and the merged, or none
    // Of a run in shards: which rows are of other shards, and a hash of all records, the job's rules and the shards
    // that the rows fall to. Programs that find the same one divide the same rows in the same way.
    std::vector<bool> is_elsewhere;
    content_hash division;

    [[nodiscard]] std::array<std::uint64_t, row_needs> counts() const;
    [[nodiscard]] std::uint64_t records() const;  // but for those of other shards
    // Once nobody asks any more what the rows of other shards need.
    void leave_other_shards();
};

}  // namespace baseload
