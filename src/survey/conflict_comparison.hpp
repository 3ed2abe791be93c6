#pragma once

#include "baseload/mapping/mapper.hpp"
#include "baseload/source/record_source.hpp"
#include "baseload/survey/survey.hpp"

namespace baseload {

// Finds out in which columns the rows of each conflict differ, with another look at the source. Rows that differ only
// in columns which no field uses are no conflict: they become repeats of the first.
void compare_conflicts(const record_source& source, const mapper& map, survey& found);

}  // namespace baseload
