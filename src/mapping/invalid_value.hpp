#pragma once

#include "baseload/core/result.hpp"

#include <string>
#include <utility>

namespace baseload {

// The fault of a value; its place is left for the caller.
[[nodiscard]] inline tl::unexpected<fault> invalid(fault_code code, const std::string& found, std::string problem,
                                                   std::string remedy) {
    return failure(
        {.code = code, .where = {}, .found = found, .problem = std::move(problem), .remedy = std::move(remedy)});
}

}  // namespace baseload
