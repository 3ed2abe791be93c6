#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/core/client.hpp"
#include "baseload/core/result.hpp"

#include <string>

namespace baseload {

// Brings a trimmed text, not blank, into the form of the extra field's editor, or says what is
// wrong with it: a number with a decimal point; one of the options of a select or radio, found
// without case and diacritics where that leaves one; of a checkbox 1 or 0, or its options; a
// date in the rule's date_format. The fault's place is left for the caller.
// Precondition: rule.editor is known, and none of `file`.
[[nodiscard]] result<field_value> extra_value(const field_rule& rule, std::string text);

}  // namespace baseload
