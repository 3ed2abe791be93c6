#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/core/fingerprint.hpp"

#include <string>
#include <vector>

namespace baseload {

// A hash of all that decides how a record is mapped: the rules, the key, the header.
[[nodiscard]] fingerprint fingerprint_of_rules(const settings& job, const std::vector<std::string>& header);

}  // namespace baseload
