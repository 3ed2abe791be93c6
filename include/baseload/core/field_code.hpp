#pragma once

#include <cstdint>
#include <optional>

namespace baseload {

// A field of a client as the journal knows it for ever: 1 to 22 are the API's own, in the order of its documentation
// (src/api/README.md); extra_field(id) is a custom extra field. Never renumber. What is to be known of each stands in
// one table: core/field_table.hpp.
enum class field_code : std::uint32_t {
    status_id = 1,
    star,
    contractor_id,
    login,
    phone,
    email,
    notes,
    invoice_company,
    invoice_fullname,
    invoice_address,
    invoice_postcode,
    invoice_city,
    invoice_state,
    invoice_country_code,
    invoice_tax_id,
    delivery_company,
    delivery_fullname,
    delivery_address,
    delivery_postcode,
    delivery_city,
    delivery_state,
    delivery_country_code
};

inline constexpr field_code last_field = field_code::delivery_country_code;

// Ids of extra fields are 1 to 2^31 - 1.
[[nodiscard]] field_code extra_field(std::uint32_t id);
[[nodiscard]] std::optional<std::uint32_t> extra_field_id(field_code code);

}  // namespace baseload
