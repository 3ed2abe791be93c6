#pragma once

#include "baseload/core/field_code.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {

enum class field_kind { text, long_text, email, country, tax_id, star, reference, status };

// All that is known of one field; whatever treats fields differently asks here. The facts are those of
// src/api/README.md, where each has its standing.
struct field_traits {
    field_code code{};
    std::string_view name;  // the API's; blank for an extra field
    field_kind kind = field_kind::text;
    std::size_t limit = 0;        // code points; bytes for long_text; 0 for numbers
    bool is_listed = false;       // by getCrmClients
    unsigned search_rank = 0;     // by which getCrmClients can be searched: 1 is the most telling; 0: it cannot
    bool is_digits = false;       // spaces and dashes do not tell two values apart
    bool set_by_service = false;  // the service may set it by itself

    [[nodiscard]] constexpr bool is_number() const {
        return kind == field_kind::star || kind == field_kind::reference || kind == field_kind::status;
    }
};

// The API's own, in the order of their codes.
[[nodiscard]] std::span<const field_traits> field_table();

// Extra fields share one line: texts of any length that a row can have, which are listed nowhere.
[[nodiscard]] const field_traits& traits_of(field_code code);

[[nodiscard]] inline bool is_listed(field_code code) {
    return traits_of(code).is_listed;
}

// Nothing for a name that the API does not have.
[[nodiscard]] std::optional<field_code> find_field(std::string_view api_name);

// "email"; "custom_extra_fields[135]"
[[nodiscard]] std::string field_name(field_code code);

// The API's names, for messages.
[[nodiscard]] std::vector<std::string> all_field_names();

// The form in which the service keeps a text of the field, as far as that is known: tax ids without spaces and dashes.
[[nodiscard]] std::string as_service_keeps(field_code code, const std::string& text);

}  // namespace baseload
