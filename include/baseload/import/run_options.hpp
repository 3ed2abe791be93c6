#pragma once

#include "baseload/core/shard.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace baseload {

// So many rows, or such a share of the source's.
struct error_allowance {
    std::uint64_t rows = 0;
    std::optional<double> share;  // 0 to 1; in place of `rows`

    [[nodiscard]] std::uint64_t of(std::uint64_t records) const;
};

struct run_options {
    bool retry_rejected = false;              // send again what the server refused before
    bool same_keys = false;                   // the key's columns are called otherwise than before, with the same keys
    bool same_account = false;                // the token is this account's, whatever its clients show
    bool first_run = false;                   // the account's clients are others than the source's
    bool accept_journal = false;              // the journal lacks nothing, whatever speaks against it
    bool new_keys = false;                    // keys that are like known ones are meant as they stand
    shard part = {};                          // other programs have the other rows
    std::optional<std::uint64_t> limit_rows;  // so many creates and updates, and no more
    std::optional<error_allowance> max_errors;             // more rejected rows stop the run
    std::optional<std::chrono::milliseconds> max_runtime;  // a longer run is stopped
};

}  // namespace baseload
