#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/core/client.hpp"
#include "baseload/core/result.hpp"

#include <string>

namespace baseload {

// Brings a trimmed text, not blank and within the BMP, into the form in which the service
// stores the field, or says what is wrong with it (src/api/README.md, "addCrmClient"). The fault's
// place is left for the caller.
[[nodiscard]] result<field_value> validated(field_code code, std::string text, overflow_policy overflow);

// The value that empties the field. A status cannot be emptied.
[[nodiscard]] result<field_value> cleared(field_code code);

}  // namespace baseload
