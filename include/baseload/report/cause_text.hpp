#pragma once

#include "baseload/core/run_details.hpp"

#include <string>

namespace baseload {

// What is wrong in many rows, in two lines: how often, in which lines at first, and an example.
//   12 × bad_email in "E-mail", lines 3, 7, …
//       such as: column "E-mail": "jan@@" is not an e-mail address; write one address, as name@domain.tld
[[nodiscard]] std::string cause_text(const rejection_cause& cause, bool is_warning = false);

}  // namespace baseload
