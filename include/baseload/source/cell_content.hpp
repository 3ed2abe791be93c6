#pragma once

#include <string_view>

namespace baseload {

// Whether a cell is an e-mail address, a postcode, a date or a long number, which no column is
// called. Pure.
[[nodiscard]] bool looks_like_data(std::string_view cell);

}  // namespace baseload
