#pragma once

#include "baseload/core/summary.hpp"

#include <string>
#include <vector>

namespace baseload {

// The last runs, one a job, in Prometheus' text format, for node_exporter's textfile collector. Base units, and names
// by Prometheus' conventions; each sample has the labels `baseload_job` (the job's file) and `account`.
[[nodiscard]] std::string metrics_text(const std::vector<run_summary>& runs);

}  // namespace baseload
