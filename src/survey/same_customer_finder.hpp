#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/mapping/mapper.hpp"
#include "baseload/source/record_source.hpp"
#include "baseload/survey/survey.hpp"

#include <functional>

namespace baseload {

// Fills found.same_customers, and gives rows the need `duplicate` where the job rejects them: all that are new but the
// first, or all where one of them has a client already. Reads the source again when rows may share something.
// `keep_going` as in make_survey.
void find_same_customers(const settings& job, const record_source& source, const mapper& map, survey& found,
                         const std::function<bool()>& keep_going);

}  // namespace baseload
