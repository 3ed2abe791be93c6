#pragma once

#include "baseload/core/client.hpp"
#include "baseload/core/field_code.hpp"
#include "baseload/core/line_places.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace baseload {

// Rows under keys of their own that are one customer, it seems: they share an e-mail address, a tax id or a telephone
// number. At least one of them is about to become a new client.
struct same_customer {
    std::vector<std::uint64_t> lines;  // of the first ones, ascending
    std::uint64_t rows = 0;            // all of them
    std::vector<std::string> fields;   // what they share, as the API calls it
};

// A row that the job rejects for that.
struct duplicate_row {
    std::uint64_t other_line = 0;  // of the row that stays
    std::vector<std::string> fields;
};

// "lines 2 and 8: one customer under 2 keys, it seems: the same email and invoice_tax_id"
[[nodiscard]] std::string same_customer_text(const same_customer& s, const line_places& places);

inline constexpr std::array<field_code, 3> telling_fields = {field_code::email, field_code::phone,
                                                             field_code::invoice_tax_id};

// A value of one of these, in one form whatever it is written like.
struct telling_value {
    field_code code{};
    std::uint64_t hash = 0;
};
[[nodiscard]] std::vector<telling_value> telling_values(const client_fields& fields);

// What of the new clients' values is kept until the whole source is known: 32 bits of each hash, and the row's ordinal.
using customer_marks = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

[[nodiscard]] inline std::uint32_t mark_of(const telling_value& value) {
    return static_cast<std::uint32_t>(value.hash >> 32U);
}

}  // namespace baseload
