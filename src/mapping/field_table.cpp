#include "baseload/mapping/field_table.hpp"

#include <array>

namespace baseload {
namespace {

constexpr std::size_t long_text_bytes = 65'535;

constexpr std::array<field_type, api_field_names.size()> types = {{
    {field_kind::status, 0},                   // status_id
    {field_kind::star, 0},                     // star
    {field_kind::reference, 0},                // contractor_id
    {field_kind::text, 156},                   // login
    {field_kind::text, 156},                   // phone
    {field_kind::email, 220},                  // email
    {field_kind::long_text, long_text_bytes},  // notes
    {field_kind::text, 500},                   // invoice_company
    {field_kind::text, 500},                   // invoice_fullname
    {field_kind::text, 500},                   // invoice_address
    {field_kind::text, 20},                    // invoice_postcode
    {field_kind::text, 100},                   // invoice_city
    {field_kind::text, 35},                    // invoice_state
    {field_kind::country, 2},                  // invoice_country_code
    {field_kind::tax_id, 50},                  // invoice_tax_id
    {field_kind::text, 500},                   // delivery_company
    {field_kind::text, 500},                   // delivery_fullname
    {field_kind::text, 500},                   // delivery_address
    {field_kind::text, 20},                    // delivery_postcode
    {field_kind::text, 100},                   // delivery_city
    {field_kind::text, 35},                    // delivery_state
    {field_kind::country, 2},                  // delivery_country_code
}};

}  // namespace

field_type type_of(field_code code) {
    if (extra_field_id(code)) {
        return {field_kind::long_text, long_text_bytes};
    }
    return types.at(static_cast<std::uint32_t>(code) - 1);
}

std::vector<std::string> all_field_names() {
    return {api_field_names.begin(), api_field_names.end()};
}

}  // namespace baseload
