#pragma once

#include "baseload/core/field_code.hpp"

#include <string>
#include <string_view>

// Texts that are one although the service, or somebody in the panel, wrote them in another form.

namespace baseload {

// Whether a field that was sent as `sent` may be shown as `shown`: case, white space, Unicode's forms, HTML's escapes
// and backslashes do not count, nor do spaces, dashes and a country's code in numbers; a text may have been cut where
// the field ends.
[[nodiscard]] bool loosely_equal(field_code field, const std::string& shown, const std::string& sent);

// The same for a key, of which no part may be missing.
[[nodiscard]] bool loosely_equal_keys(const std::string& shown, const std::string& key);

// The longest piece of a text that is the same in all of those forms: what to search by. Blank when there is none.
[[nodiscard]] std::string stable_piece(field_code field, std::string_view text);

}  // namespace baseload
