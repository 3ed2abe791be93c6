#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

// What somebody has said of a source's header, whatever its format; the rest is detected.
struct header_options {
    std::optional<std::uint32_t> skipped_lines = {};  // above the header: lines, or rows of a sheet
    std::optional<bool> has_header = {};
    std::vector<std::string> column_names = {};  // of a source without a header
};

}  // namespace baseload
