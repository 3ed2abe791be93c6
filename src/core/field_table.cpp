#include "baseload/core/field_table.hpp"

#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace baseload {
namespace {

// Apart from all numbers that the API's own fields may get: both kinds stand in one list (journal/sent_codec.cpp).
constexpr std::uint32_t extra_field_bit = 0x8000'0000U;
// The size of MySQL's type `text`; that it is the limit of notes is inferred (src/api/README.md). Of extra fields no
// limit is documented, so they have the same.
constexpr std::size_t long_text_bytes = 65'535;

// Fields that getCrmClients does not list cannot tell whether a client is the one that was sent
// (plan/create_lookup.cpp).
enum class listing { listed, unlisted };
enum class spacing { tells, does_not };  // whether spaces and dashes tell two values apart
// What the service may have set by itself does not show that a client is another's (shows_more in
// plan/create_lookup.cpp).
enum class setter { us, service_too };

// Every column is asked for: a forgotten one does not compile.
constexpr field_traits row(field_code code, std::string_view name, field_kind kind, std::size_t limit, listing shown,
                           unsigned search_rank, spacing separators, setter by) {
    return {.code = code,
            .name = name,
            .kind = kind,
            .limit = limit,
            .is_listed = shown == listing::listed,
            .search_rank = search_rank,
            .is_digits = separators == spacing::does_not,
            .set_by_service = by == setter::service_too};
}

using enum field_code;
using kind = field_kind;
using enum listing;
using enum spacing;
using enum setter;

// The limits are those documented for addCrmClient. A rank stands for one of the documented filters of getCrmClients;
// its order says how few clients share such a text.
// clang-format off: a table
constexpr auto table = std::to_array<field_traits>({
    row(status_id, "status_id", kind::status, 0, listed, 0, tells, service_too),
    row(star, "star", kind::star, 0, listed, 0, tells, service_too),
    row(contractor_id, "contractor_id", kind::reference, 0, listed, 0, tells, service_too),
    row(login, "login", kind::text, 156, listed, 2, tells, us),
    row(phone, "phone", kind::text, 156, listed, 4, does_not, us),
    row(email, "email", kind::email, 220, listed, 1, tells, us),
    row(notes, "notes", kind::long_text, long_text_bytes, unlisted, 0, tells, us),
    row(invoice_company, "invoice_company", kind::text, 500, listed, 5, tells, us),
    row(invoice_fullname, "invoice_fullname", kind::text, 500, listed, 6, tells, us),
    row(invoice_address, "invoice_address", kind::text, 500, listed, 0, tells, us),
    row(invoice_postcode, "invoice_postcode", kind::text, 20, listed, 0, tells, us),
    row(invoice_city, "invoice_city", kind::text, 100, listed, 0, tells, us),
    row(invoice_state, "invoice_state", kind::text, 35, listed, 0, tells, us),
    row(invoice_country_code, "invoice_country_code", kind::country, 2, listed, 0, tells, service_too),
    row(invoice_tax_id, "invoice_tax_id", kind::tax_id, 50, listed, 3, does_not, us),
    row(delivery_company, "delivery_company", kind::text, 500, listed, 0, tells, us),
    row(delivery_fullname, "delivery_fullname", kind::text, 500, listed, 0, tells, us),
    row(delivery_address, "delivery_address", kind::text, 500, listed, 0, tells, us),
    row(delivery_postcode, "delivery_postcode", kind::text, 20, listed, 0, tells, us),
    row(delivery_city, "delivery_city", kind::text, 100, listed, 0, tells, us),
    row(delivery_state, "delivery_state", kind::text, 35, listed, 0, tells, us),
    row(delivery_country_code, "delivery_country_code", kind::country, 2, listed, 0, tells, service_too),
});
// clang-format on

// Number fields have no limit of length: their ranges stand in mapping/validation.cpp.
constexpr bool is_complete() {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (static_cast<std::size_t>(table[i].code) != i + 1 || table[i].name.empty() ||
            (table[i].limit == 0) != table[i].is_number()) {
            return false;
        }
    }
    return table.size() == static_cast<std::size_t>(last_field);
}
static_assert(is_complete(), "each code of field_code has one line, in its order, with its limit");

constexpr field_traits extra = row(field_code{}, "", kind::long_text, long_text_bytes, unlisted, 0, tells, us);

}  // namespace

field_code extra_field(std::uint32_t id) {
    return static_cast<field_code>(extra_field_bit | id);
}

std::optional<std::uint32_t> extra_field_id(field_code code) {
    const auto number = static_cast<std::uint32_t>(code);
    if ((number & extra_field_bit) == 0) {
        return std::nullopt;
    }
    return number & ~extra_field_bit;
}

std::span<const field_traits> field_table() {
    return table;
}

// Precondition: a code of the table or of an extra field; field_code{} throws std::out_of_range.
const field_traits& traits_of(field_code code) {
    return extra_field_id(code) ? extra : table.at(static_cast<std::uint32_t>(code) - 1);
}

std::optional<field_code> find_field(std::string_view api_name) {
    const auto* at =
        std::find_if(table.begin(), table.end(), [&](const field_traits& f) { return f.name == api_name; });
    return at == table.end() ? std::nullopt : std::optional(at->code);
}

std::string field_name(field_code code) {
    if (const auto id = extra_field_id(code)) {
        return fmt::format("custom_extra_fields[{}]", *id);
    }
    return std::string(traits_of(code).name);
}

std::vector<std::string> all_field_names() {
    std::vector<std::string> names;
    for (const field_traits& f : table) {
        names.emplace_back(f.name);
    }
    return names;
}

// Documented by the vendor. Other alterations are not known well enough to be written beforehand: plan/loose_text.cpp
// allows for them when texts are compared.
std::string as_service_keeps(field_code code, const std::string& text) {
    return traits_of(code).kind == field_kind::tax_id ? without_spaces_and_dashes(text) : text;
}

}  // namespace baseload
