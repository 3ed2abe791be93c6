#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/source/csv_source.hpp"

namespace baseload {

// The job's source, read as the job says. Throws stop(usage) as csv_source does.
[[nodiscard]] csv_source open_source(const source_settings& source);

}  // namespace baseload
