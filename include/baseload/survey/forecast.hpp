#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/survey/missing_keys.hpp"
#include "baseload/survey/survey.hpp"

#include <chrono>
#include <cstdint>

namespace baseload {

// What the first pass found: said before anything is sent.
struct forecast {
    std::uint64_t records = 0;
    std::uint64_t creates = 0;
    std::uint64_t updates = 0;
    std::uint64_t doubts = 0;                 // creates of earlier runs to look up
    std::uint64_t rejects = 0;                // conflicts included
    std::uint64_t skipped = 0;                // rows that the job leaves out
    std::uint64_t lookups = 0;                // of names, asked before anything is sent
    std::uint64_t backups = 0;                // clients read before they are updated
    std::uint64_t checks = 0;                 // whether the account has clients, before a journal's first create; and
                                              // look-ups before each, where the job wants them
    std::uint64_t missing = 0;                // requests for clients that no row has ([missing])
    std::chrono::milliseconds least_time{0};  // by the request limit alone

    [[nodiscard]] std::uint64_t requests() const {
        return creates + updates + doubts + lookups + backups + checks + missing;
    }
};

// `lookups`: made already. `is_first`: the journal has sent nothing yet.
[[nodiscard]] forecast foresee(const survey& found, const missing_keys& missing, const settings& job,
                               std::uint64_t lookups, bool is_first);

}  // namespace baseload
