#pragma once

#include "baseload/core/fingerprint.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/mapping/mapper.hpp"
#include "baseload/source/csv_source.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace baseload {

// What the first pass found a row to need.
enum class row_need : std::uint8_t {
    nothing,  // known, and its record did not change
    create,
    update,
    note,     // its record changed, but no mapped field did
    hold,     // its key is in doubt
    reject,   // faults, or refused by the server before
    merged,   // equal to an earlier row that needs nothing
    repeat,   // equal to an earlier row: what becomes of that becomes of this
    conflict  // shares its key with a row that differs
};

inline constexpr std::size_t row_needs = 9;

// The first pass over a source, over before anything is sent.
struct survey {
    std::vector<row_need> rows;                                   // by their order in the source
    std::map<fingerprint, std::vector<std::uint64_t>> conflicts;  // key hash → the lines of its rows
    std::set<fingerprint> repeated;                               // key hashes of the rows with repeats

    [[nodiscard]] std::array<std::uint64_t, row_needs> counts() const;
};

// Reads the whole source against the journal. `keep_going` is asked now and then; the
// survey throws stop(stopped) when it says no, and stop(usage) for a source that is broken
// as a whole.
[[nodiscard]] survey make_survey(const csv_source& source, const mapper& map, journal& known, bool retry_refused,
                                 const std::function<bool()>& keep_going);

// The fingerprint of a record under a job's rules: equal means that it maps to the same.
[[nodiscard]] fingerprint record_fingerprint(const record& row, const mapper& map);

}  // namespace baseload
