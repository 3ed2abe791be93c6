#pragma once

#include "baseload/core/exit_code.hpp"
#include "baseload/core/line_places.hpp"
#include "baseload/core/run_details.hpp"
#include "baseload/core/wall_clock.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// What became of a record. Every record read ends in exactly one of these.
enum class outcome { created, updated, unchanged, rejected, in_doubt, not_reached, skipped };

inline constexpr int outcome_kinds = 7;

// Of what a summary counts, it names so many; the counts are of all.
inline constexpr std::size_t max_named = 20;

// "created", "in doubt", …
[[nodiscard]] std::string_view outcome_name(outcome o);

// How many records ended in each outcome.
class tally {
public:
    void add(outcome o, std::uint64_t records = 1) { counts_[static_cast<std::size_t>(o)] += records; }
    void add(const tally& other);
    void move(outcome from, outcome to, std::uint64_t records);  // as many as there are, at most
    [[nodiscard]] std::uint64_t of(outcome o) const { return counts_[static_cast<std::size_t>(o)]; }
    [[nodiscard]] std::uint64_t total() const;

private:
    std::array<std::uint64_t, outcome_kinds> counts_{};
};

// A create whose answer never came, and that no look-up could settle; or an update whose answer was not its own, which
// the next run repeats.
struct doubtful_create {
    std::string key;
    std::uint64_t line = 0;  // of its row; 0 when the source has none
    std::string why;
    std::vector<std::int64_t> candidates;  // clients of the account that it may have become
    bool is_update = false;
    bool is_left = false;   // to the next run, which looks it up: nobody has to decide
    std::string file = {};  // whose line it is, where the source consists of several

    [[nodiscard]] bool needs_decision() const { return !is_update && !is_left; }
};

[[nodiscard]] inline doubtful_create placed(doubtful_create d, const line_places& places) {
    if (d.line > 0 && !places.are_of_one_file()) {
        const source_line own = places.at(d.line);
        d.line = own.line;
        d.file = own.file;
    }
    return d;
}

// Clients whose keys were in the last full run and are not in this one.
struct missing_summary {
    std::uint64_t count = 0;        // 0 when the job does not ask for them
    std::vector<std::string> keys;  // at most 20
    std::string action;             // "report", "status" or "delete"
    std::uint64_t done = 0;         // given the status, or deleted
    std::uint64_t failed = 0;       // left to the next run
    bool refused = false;           // too many: nobody was touched
    std::string note;               // why, or the last failure
    // Who was missing, is in the source again, and keeps the status of missing ones: the account did not say which it
    // had before. At most 20 named.
    std::uint64_t kept_status = 0;
    std::vector<std::string> kept_status_keys;
};

// A run from beginning to end, for the history and for people.
struct run_summary {
    std::int64_t run = 0;  // its number in the journal
    std::string job;       // its file
    std::string source;
    std::string account;
    std::string shard;         // "2/3": of its rows alone; blank: of all rows
    std::uint32_t shards = 0;  // that it was put together of; 0: the run had none
    wall_time started{};
    wall_time finished{};
    bool partial = false;       // the source was a part of the job's (survey/mapped_source)
    std::uint64_t records = 0;  // read from the source; equals rows.total()
    tally rows;
    std::uint64_t left_to_go = 0;           // of those not reached: beyond --limit-rows
    std::uint64_t merged = 0;               // of the unchanged: repeats of an equal row with the same key
    std::uint64_t requests = 0;             // sent, whatever became of them
    std::uint64_t fields_sent = 0;          // in updates
    std::uint64_t replaced_characters = 0;  // outside the BMP, sent as "?"
    std::uint64_t warnings = 0;             // values that are hardly right, and were sent
    std::uint64_t same_customers = 0;       // that seem to have several rows, under different keys
    std::chrono::milliseconds paused{0};    // for blocks by the service
    std::uint32_t lowest_limit = 0;         // requests a minute while others used the account too; 0: never less
    std::uint64_t found = 0;                // creates without an answer that a look-up found, and linked
    std::uint64_t not_found = 0;            // those that were never carried out
    std::uint64_t left_alone = 0;           // of the unchanged: rows whose client was deleted in the panel
    std::vector<doubtful_create> doubts;    // at most 20 named
    std::uint64_t keys_in_doubt = 0;        // of this source; rows that repeat one count once
    std::uint64_t doubtful_elsewhere = 0;   // in the journal, but not in this source
    missing_summary missing;
    run_details details;
    std::string stopped_because;  // empty when the run came to its end
    exit_code code = exit_code::success;
};

// The more serious of two.
[[nodiscard]] exit_code worse_of(exit_code one, exit_code other);

// Adds what another shard of the run has done. What belongs to the run as a whole (its number, [missing]) stays.
void add_shard(run_summary& all, const run_summary& other);

}  // namespace baseload
