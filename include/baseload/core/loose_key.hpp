#pragma once

#include <string>
#include <string_view>

namespace baseload {

// Equal for keys that differ by form alone, as a spreadsheet, an export or a keyboard writes one key: case, white space
// and punctuation, leading zeros, a trailing ".0", Excel's apostrophe and ="…", invisible characters, letters of other
// alphabets that look alike (Unicode TR39).
[[nodiscard]] std::string loose_key(std::string_view key);

}  // namespace baseload
