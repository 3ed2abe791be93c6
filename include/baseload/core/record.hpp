#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace baseload {

// One row of a source. The views point into the reader's buffers and live until its
// next call.
struct record {
    std::uint64_t line = 0;               // where it begins, from 1
    std::vector<std::string_view> cells;  // unquoted; a line break inside a cell is '\n'
    std::string_view raw;                 // as it stands in the source, without its line end
};

}  // namespace baseload
