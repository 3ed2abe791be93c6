#include "fault_plan.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/nearest.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <numeric>
#include <vector>

namespace baseload::sandbox {
namespace {

// The name is what --faults calls it. `carried_out`: whether the account is changed, though the client may never hear
// of it.
struct fault_kind {
    std::string_view name;
    bool carried_out;
};
// In the order of `mishap`, which has `none` before them: hence the differences of one below.
constexpr std::array<fault_kind, 18> kinds_of_faults = {{{"drop-before", false},
                                                         {"drop-after", true},
                                                         {"reset-before", false},
                                                         {"reset-after", true},
                                                         {"stall", false},
                                                         {"late", false},
                                                         {"drip", true},
                                                         {"500", false},
                                                         {"502-after", true},
                                                         {"cut-off", true},
                                                         {"empty", true},
                                                         {"html", false},
                                                         {"huge", true},
                                                         {"garbage", true},
                                                         {"block", false},
                                                         {"interim", true},
                                                         {"stray", true},
                                                         {"foreign-id", true}}};

std::vector<std::string> all_names() {
    std::vector<std::string> all;
    for (const fault_kind& kind : kinds_of_faults) {
        all.emplace_back(kind.name);
    }
    return all;
}

[[noreturn]] void refuse(std::string_view part, const std::string& problem) {
    throw command_error(exit_code::usage, fmt::format("--faults {} {}; write it like drop-after=0.05,500=0.1, with {}",
                                                      in_quotes(part), problem, listed(all_names())));
}

}  // namespace

bool is_carried_out(mishap fate) {
    return fate == mishap::none || kinds_of_faults.at(static_cast<std::size_t>(fate) - 1).carried_out;
}

fault_plan::fault_plan(std::string_view shares, std::uint64_t seed) : random_(seed) {
    // A share that is named twice has its last value.
    while (!shares.empty()) {
        const std::string part(shares.substr(0, shares.find(',')));
        // The last part has no comma behind it.
        shares.remove_prefix(std::min(shares.size(), part.size() + 1));
        const std::size_t equals = part.find('=');
        const std::string name = part.substr(0, equals);
        const auto at = std::find_if(kinds_of_faults.begin(), kinds_of_faults.end(),
                                     [&](const fault_kind& kind) { return kind.name == name; });
        if (at == kinds_of_faults.end()) {
            refuse(part, "is not a fault" + did_you_mean(name, all_names()));
        }
        char* end = nullptr;
        const std::string number = equals == std::string::npos ? "" : part.substr(equals + 1);
        const double share = std::strtod(number.c_str(), &end);
        // Written as "not (a and b)", so that NaN, which strtod reads too, is refused.
        if (number.empty() || *end != '\0' || !(share >= 0 && share <= 1)) {
            refuse(part, "has no share from 0 to 1");
        }
        shares_.at(static_cast<std::size_t>(at - kinds_of_faults.begin())) = share;
    }
    // Each request draws one mishap at most, so together they cannot be more than certain.
    if (std::accumulate(shares_.begin(), shares_.end(), 0.0) > 1) {
        throw command_error(exit_code::usage, "--faults: the shares add up to more than 1");
    }
}

mishap fault_plan::draw() {
    // The shares lie side by side on the line from 0 to 1; what is behind the last one is no mishap.
    double point = std::uniform_real_distribution<>(0, 1)(random_);
    for (std::size_t i = 0; i < kinds; ++i) {
        if (point < shares_.at(i)) {
            return static_cast<mishap>(i + 1);
        }
        point -= shares_.at(i);
    }
    return mishap::none;
}

}  // namespace baseload::sandbox
