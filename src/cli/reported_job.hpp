#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/report/html_report.hpp"

namespace baseload {

// A run with the job's last ones and its mapping. `job` is null where it cannot be read.
[[nodiscard]] reported_run reported(const run_summary& summary, const settings* job);

}  // namespace baseload
