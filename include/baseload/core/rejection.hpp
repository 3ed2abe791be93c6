#pragma once

#include "baseload/core/fault.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// A record that was not taken in, with all that is wrong with it.
struct rejection {
    std::uint64_t line = 0;
    std::vector<std::string> cells;  // as read
    std::vector<fault> faults;       // at least one
};

// What a rejects file has behind the source's own columns.
inline constexpr std::array<std::string_view, 3> rejection_columns = {"line", "code", "message"};

// Whether a source is such a file, mended perhaps: then it is a part of an earlier source.
[[nodiscard]] inline bool is_rejects_header(const std::vector<std::string>& header) {
    return header.size() > rejection_columns.size() &&
           std::equal(rejection_columns.begin(), rejection_columns.end(), header.end() - rejection_columns.size());
}

}  // namespace baseload
