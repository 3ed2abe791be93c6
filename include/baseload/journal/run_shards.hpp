#pragma once

#include "baseload/core/fingerprint.hpp"
#include "baseload/core/shard.hpp"
#include "baseload/core/summary.hpp"
#include "baseload/core/wall_clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

// A run in shards: several programs, each with one shard of the keys and its own hold on the journal, work off one
// source, and are one run in the history. Whoever ends last judges the whole.
class run_shards {
public:
    virtual ~run_shards() = default;

    [[nodiscard]] virtual const shard& part() const = 0;

    // Joins the run of the shards that divide the same rows in the same way (survey::division), or begins it where
    // there is none that has not come to its end. Returns its number. Durable at once; so is end_shard. Throws
    // command_error(journal_busy) while shards of another run are at work.
    virtual std::int64_t join_run(const std::string& source, content_hash division, wall_time now) = 0;

    // What the run has made and updated of this shard's clients, where it was begun before: a try that was killed or
    // stopped has told nothing of it, or its rows are unchanged by now. And what the tries before have sent, as far as
    // each came to its end in good order.
    struct run_changes {
        std::uint64_t created = 0;
        std::uint64_t updated = 0;
        std::uint64_t requests = 0;
        std::uint64_t fields_sent = 0;
        std::uint64_t found = 0;
        std::uint64_t not_found = 0;
    };
    [[nodiscard]] virtual std::optional<run_changes> changes_so_far() = 0;

    // This shard is through, or was stopped. Nothing where others are still to come: then they judge the run, and
    // nothing more is to be written here. Else the summaries of the others, and from here on the journal is held as a
    // whole, as by any run, with what the others wrote to it.
    [[nodiscard]] virtual std::optional<std::vector<run_summary>> end_shard(const run_summary& own) = 0;
};

}  // namespace baseload
