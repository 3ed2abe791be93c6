#pragma once

#include "baseload/core/fingerprint.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What addCrmClient takes (API.md, "addCrmClient"), as values that passed validation.

namespace baseload {

// clang-format off: tables

// A field of a client as the journal knows it for ever: 1 to 22 are the API's own, in
// the order of API.md; extra_field(id) is a custom extra field. Never renumber.
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

inline constexpr std::array<std::string_view, 22> api_field_names = {"status_id",
                                                                     "star",
                                                                     "contractor_id",
                                                                     "login",
                                                                     "phone",
                                                                     "email",
                                                                     "notes",
                                                                     "invoice_company",
                                                                     "invoice_fullname",
                                                                     "invoice_address",
                                                                     "invoice_postcode",
                                                                     "invoice_city",
                                                                     "invoice_state",
                                                                     "invoice_country_code",
                                                                     "invoice_tax_id",
                                                                     "delivery_company",
                                                                     "delivery_fullname",
                                                                     "delivery_address",
                                                                     "delivery_postcode",
                                                                     "delivery_city",
                                                                     "delivery_state",
                                                                     "delivery_country_code"};

// clang-format on

// Ids of extra fields are 1 to 2^31 - 1.
[[nodiscard]] field_code extra_field(std::uint32_t id);
[[nodiscard]] std::optional<std::uint32_t> extra_field_id(field_code code);

[[nodiscard]] std::optional<field_code> find_field(std::string_view api_name);

// "email"; "custom_extra_fields[135]"
[[nodiscard]] std::string field_name(field_code code);

// A file that an extra field is to hold. Its bytes are read when they are sent.
struct field_file {
    std::string title;
    std::filesystem::path path;
    fingerprint content;

    friend bool operator==(const field_file&, const field_file&) = default;
};

// An empty text clears the field.
using field_value = std::variant<std::int64_t, std::string, field_file>;

struct client_field {
    field_code code{};
    field_value value;
};

// In the order of the codes, each at most once.
using client_fields = std::vector<client_field>;

[[nodiscard]] bool is_blank(const field_value& value);

// As people read it: a number in digits, a file by its title.
[[nodiscard]] std::string text_of(const field_value& value);

[[nodiscard]] fingerprint fingerprint_of_value(const field_value& value);

}  // namespace baseload
