#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/journal/run_history.hpp"

#include <cstdint>
#include <string>

namespace baseload {

// Throws command_error(usage) for a source that has fewer rows than the job takes for whole, by itself
// or against the journal's last full run.
void guard_against_cut_off_source(const settings& job, const std::string& source, std::uint64_t records,
                                  run_history& history);

}  // namespace baseload
