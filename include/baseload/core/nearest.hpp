#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// The candidate that `name` was most likely meant to be, by edit distance without
// regard to ASCII case; empty when none is near.
[[nodiscard]] std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

// " (did you mean "delimiter"?)", or nothing: to be appended to a message.
[[nodiscard]] std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace baseload
