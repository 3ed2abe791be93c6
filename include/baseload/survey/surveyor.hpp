#pragma once

#include "baseload/core/fingerprint.hpp"
#include "baseload/core/shard.hpp"
#include "baseload/journal/client_memory.hpp"
#include "baseload/mapping/mapper.hpp"
#include "baseload/plan/plan.hpp"
#include "baseload/source/record_source.hpp"
#include "baseload/survey/survey.hpp"

#include <functional>

namespace baseload {

struct survey_options {
    bool hold_keys = true;  // new keys that are like known ones are held back
    shard part = {};        // of which the rows' places are noted; all rows are looked at
    std::function<bool()> keep_going = [] { return true; };  // asked now and then
};

// Reads the whole source against the journal. Throws command_error(stopped) when `keep_going` says no, and
// command_error(usage) for a source that is broken as a whole.
[[nodiscard]] survey make_survey(const record_source& source, const mapper& map, client_memory& memory,
                                 const plan_options& planning, const survey_options& options);

// The hash of a record under a job's rules: equal means that it maps to the same. The files that it names belong
// to it.
[[nodiscard]] content_hash record_hash_of(const record& row, const mapper& map);

}  // namespace baseload
