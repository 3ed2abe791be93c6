#pragma once

#include "baseload/core/client.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace baseload {

enum class field_kind { text, long_text, email, country, tax_id, star, reference, status };

// What API.md says a field of addCrmClient may hold.
struct field_type {
    field_kind kind = field_kind::text;
    std::size_t limit = 0;  // code points; bytes for long_text; 0 for numbers
};

// Extra fields are texts of any length that a row can have.
[[nodiscard]] field_type type_of(field_code code);

// The API's names, for messages.
[[nodiscard]] std::vector<std::string> all_field_names();

}  // namespace baseload
