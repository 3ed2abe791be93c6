#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/core/summary.hpp"
#include "baseload/import/run_observer.hpp"
#include "baseload/import/run_options.hpp"

namespace baseload {

// The import, from opening the job's source to the end of the run in the journal. SIGINT
// and SIGTERM end it early: what is in flight is finished; a second one leaves at once.
// Throws command_error when nothing was sent; from the first request on, the summary says why the
// run stopped.
[[nodiscard]] run_summary run_import(const settings& job, const run_options& options, run_observer& observer);

}  // namespace baseload
