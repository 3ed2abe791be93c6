#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/journal/journal.hpp"

#include <memory>

namespace baseload {

[[nodiscard]] inline journal_owner owner_of(const settings& job, bool same_keys = false) {
    return {.url = job.account.url, .name = job.account.name, .key_columns = job.key.columns, .same_keys = same_keys};
}

// The job's journal, to change it: see open_journal.
[[nodiscard]] inline std::unique_ptr<journal> open_job_journal(const settings& job, bool same_keys = false,
                                                               const shard& part = {}) {
    return open_journal(job.journal, owner_of(job, same_keys), job.lease, part);
}

// The job's journal, to look at, held against its owner as a run would; an empty one where no run has made it yet.
[[nodiscard]] inline std::unique_ptr<journal> open_job_journal_to_read(const settings& job) {
    const journal_owner owner = owner_of(job);
    return journal_exists(job.journal) ? open_journal_to_read(job.journal, &owner) : open_empty_journal(owner);
}

}  // namespace baseload
