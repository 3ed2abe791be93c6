#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/journal/journal.hpp"

#include <memory>

namespace baseload {

// The job's journal, to change it: see open_journal.
[[nodiscard]] inline std::unique_ptr<journal> open_job_journal(const settings& job, bool same_keys = false) {
    return open_journal(
        job.journal,
        {.url = job.account.url, .name = job.account.name, .key_columns = job.key.columns, .same_keys = same_keys});
}

}  // namespace baseload
