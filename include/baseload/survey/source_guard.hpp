#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/journal/client_memory.hpp"
#include "baseload/journal/run_history.hpp"
#include "baseload/source/record_source.hpp"
#include "baseload/survey/survey.hpp"

#include <cstdint>
#include <string>

namespace baseload {

// Throws command_error(usage) for a source that has fewer rows than the job takes for whole, by itself
// or against the journal's last full run.
void guard_against_cut_off_source(const settings& job, const std::string& source, const survey& found,
                                  run_history& history);

// Throws command_error(usage) for a source that does not show what the job knows a whole one by ([source] complete).
void guard_against_incomplete_source(const settings& job, const record_source& source, const survey& found);

// Where nothing tells for certain: what speaks for an export that was cut off in its last record, for people; blank
// where nothing does.
[[nodiscard]] std::string sign_of_cut(const record_source& source, const source_end& end);

// Fewer rows are no sign of anything.
inline constexpr std::uint64_t too_few_to_tell = 10;

// Throws command_error(usage) where most rows share their keys with rows that differ: the key identifies nobody.
void guard_against_useless_key(const settings& job, const std::string& source, const survey& found);

// Throws command_error(usage) where most of the known clients have no row and most rows have new keys: the keys are
// most likely written in another way, or the file is another one.
void guard_against_other_keys(const std::string& source, const survey& found, client_memory& memory);

}  // namespace baseload
