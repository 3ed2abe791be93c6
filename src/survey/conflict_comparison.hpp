#pragma once

#include "baseload/mapping/mapper.hpp"
#include "baseload/source/record_source.hpp"
#include "baseload/survey/survey.hpp"

#include <functional>

namespace baseload {

// Finds out in which columns the rows of each conflict differ, with another look at the source. Rows that differ only
// in columns which no field uses are no conflict: they become repeats of the first. `keep_going` as in make_survey().
void compare_conflicts(const record_source& source, const mapper& map, survey& found,
                       const std::function<bool()>& keep_going);

}  // namespace baseload
