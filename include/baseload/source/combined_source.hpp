#pragma once

#include "baseload/source/record_source.hpp"

#include <memory>
#include <vector>

namespace baseload {

// Several sources, of any formats, one after the other as one. Each has a dialect and a header of its own: its cells
// come in the order of the first one's columns, found by their names. A column that a later one lacks is blank there,
// and one that the first lacks is left out: whoever needs a column asks each of parts() for it. Lines are counted on
// from one to the next (core/line_places.hpp).
// Precondition: at least one.
[[nodiscard]] std::unique_ptr<record_source> combined_source(std::vector<std::unique_ptr<record_source>> sources);

}  // namespace baseload
