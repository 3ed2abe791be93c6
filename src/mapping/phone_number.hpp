#pragma once

#include <optional>
#include <string>

// Telephone numbers, as libphonenumber knows the countries' numbering plans.

namespace baseload {

// Whether it is an ISO 3166-1 code of a country that has numbers.
[[nodiscard]] bool is_phone_region(const std::string& region);

// The number as E.164 has it, "+48600700800"; without a country's code ("+48", "0048") it is one of the region.
// Nothing for what is not one whole number: with letters, an extension, a second number, or none of the plan.
[[nodiscard]] std::optional<std::string> e164_of(const std::string& text, const std::string& region);

}  // namespace baseload
