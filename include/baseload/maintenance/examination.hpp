#pragma once

#include "baseload/config/settings.hpp"

#include <string>
#include <vector>

namespace baseload {

// One thing that a run depends on.
struct finding {
    enum class state { good, notable, bad };
    std::string what;  // "token"
    state how = state::good;
    std::string found;  // in words
    std::string remedy = {};
};

// Looks at all that a run of the job depends on: source, token, state folder, limit, journal, and with two reads the
// account itself. Changes nothing, and goes on after a fault, so that all of them are told at once.
[[nodiscard]] std::vector<finding> examine(const settings& job);

}  // namespace baseload
