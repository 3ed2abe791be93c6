#pragma once

#include "baseload/core/fingerprint.hpp"
#include "baseload/journal/client_memory.hpp"
#include "baseload/mapping/mapper.hpp"
#include "baseload/plan/plan.hpp"
#include "baseload/source/record_source.hpp"
#include "baseload/survey/survey.hpp"

#include <functional>

namespace baseload {

// Reads the whole source against the journal. `keep_going` is asked now and then; the
// survey throws command_error(stopped) when it says no, and command_error(usage) for a source that is broken
// as a whole.
// `hold_keys`: new keys that are like known ones are held back.
[[nodiscard]] survey make_survey(const record_source& source, const mapper& map, client_memory& memory,
                                 const plan_options& options, bool hold_keys, const std::function<bool()>& keep_going);

// The hash of a record under a job's rules: equal means that it maps to the same. The files that it names belong
// to it.
[[nodiscard]] content_hash record_hash_of(const record& row, const mapper& map);

}  // namespace baseload
