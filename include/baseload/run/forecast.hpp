#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/run/survey.hpp"

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
    std::chrono::milliseconds least_time{0};  // by the request limit alone

    [[nodiscard]] std::uint64_t requests() const { return creates + updates + doubts; }
};

[[nodiscard]] forecast foresee(const survey& found, const account_settings& account);

}  // namespace baseload
