#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/core/fingerprint.hpp"
#include "baseload/core/summary.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/survey/survey.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace baseload {

// Clients whose keys the last full run had and a source has not, as the journal stands: what [missing] speaks of.
// Hashes of keys.
struct missing_keys {
    std::vector<fingerprint> newly;     // since the last full run
    std::vector<fingerprint> unseen;    // clients that no full run has had in its source yet: nobody misses them
    std::vector<fingerprint> returned;  // missing before, and in this source
    std::string objection;              // why nobody of `newly` is acted on; blank when nothing speaks against it

    // What acting on them takes, at least.
    [[nodiscard]] std::uint64_t requests(const missing_settings& job) const;
};

// Changes nothing. Precondition: the source that was surveyed is a whole one.
[[nodiscard]] missing_keys find_missing_keys(const settings& job, const survey& found, journal& j);

// What a run will do about them, or has not done yet: counts, and at most 20 keys.
[[nodiscard]] missing_summary summary_of(const missing_keys& missing, const missing_settings& job, journal& j);

}  // namespace baseload
