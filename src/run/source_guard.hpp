#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/journal/journal.hpp"

#include <cstdint>
#include <string>

namespace baseload {

// Throws stop(usage) for a source that has fewer rows than the job takes for whole, by itself
// or against the journal's last full run.
void guard_against_cut_off_source(const settings& job, const std::string& source, std::uint64_t records,
                                  journal& known);

}  // namespace baseload
