#include "baseload/mapping/validation.hpp"

#include "baseload/core/field_table.hpp"
#include "baseload/core/text.hpp"
#include "invalid_value.hpp"

#include <fmt/format.h>
#include <unicode/uloc.h>

#include <algorithm>
#include <bitset>
#include <charconv>
#include <string_view>

namespace baseload {
namespace {

// Every code of two capitals → whether it is one. The list is ICU's, of ISO 3166-1. What the service does with another
// code is documented nowhere. Every row asks twice, and the list has 250 codes: so it is read once.
using country_codes = std::bitset<26 * 26>;

bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

std::size_t place_of(std::string_view code) {
    return static_cast<std::size_t>(code[0] - 'A') * 26 + static_cast<std::size_t>(code[1] - 'A');
}

bool is_country_code(std::string_view code) {
    static const country_codes known = [] {
        country_codes codes;
        for (const char* const* each = uloc_getISOCountries(); *each != nullptr; ++each) {
            codes.set(place_of(*each));
        }
        return codes;
    }();
    return code.size() == 2 && is_capital(code[0]) && is_capital(code[1]) && known.test(place_of(code));
}

// The form, not the existence: one @, something before it, a domain with a dot behind it. Less than RFC 5322 allows
// (no quoted names, comments or address literals), but letters outside ASCII may stand (RFC 6531).
bool is_email(std::string_view text) {
    const std::size_t at = text.find('@');
    if (at == 0 || at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos) {
        return false;
    }
    const std::string_view domain = text.substr(at + 1);
    const std::size_t dot = domain.rfind('.');
    const bool clean = std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == 0x7F ||
               std::string_view(",;<>()\"\\").find(c) != std::string_view::npos;
    });
    return clean && dot != std::string_view::npos && dot > 0 && dot + 1 < domain.size() &&
           domain.find("..") == std::string_view::npos && domain.front() != '.' && domain.front() != '-';
}

// from_chars takes no plus sign and no white space, so 1 has one form that is a number.
result<field_value> number(const std::string& text, std::int64_t least, std::int64_t most, const char* expected) {
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || rest != end || value < least || value > most) {
        return invalid(fault_code::bad_number, text, fmt::format("is not {}", expected), "write it in digits alone");
    }
    return field_value{value};
}

// Never empty when cut: the text is trimmed, so its first character is none that trimming takes.
result<field_value> fitted(std::string text, const field_traits& type, overflow_policy overflow) {
    if (text.size() <= type.limit) {
        return field_value{std::move(text)};  // no text has more characters than bytes
    }
    const bool in_bytes = type.kind == field_kind::long_text;
    const std::size_t length = in_bytes ? text.size() : code_points(text);
    if (length <= type.limit) {
        return field_value{std::move(text)};
    }
    if (overflow == overflow_policy::truncate) {
        const std::string_view head = in_bytes ? head_bytes(text, type.limit) : head_code_points(text, type.limit);
        return field_value{std::string(trimmed(head))};
    }
    return invalid(fault_code::too_long, text,
                   fmt::format("has {} {}, and the field holds {}", grouped(length), in_bytes ? "bytes" : "characters",
                               grouped(type.limit)),
                   "shorten it, or set overflow = \"truncate\" for the field in the job");
}

}  // namespace

result<field_value> validated(field_code code, std::string text, overflow_policy overflow) {
    const field_traits& type = traits_of(code);
    switch (type.kind) {
    case field_kind::status:
    // The documented type is int; its upper bound is inferred.
    case field_kind::reference: return number(text, 1, 2'147'483'647, "the number of one (1 or more)");
    case field_kind::star: return number(text, 0, 5, "a whole number from 0 to 5");
    case field_kind::country: {
        std::string upper = ascii_upper(text);
        if (!is_country_code(upper)) {
            return invalid(fault_code::bad_country, text, "is not an ISO 3166-1 code of two letters",
                           "write PL, DE, …, or translate names with map = { \"Polska\" = \"PL\" } in the job");
        }
        return field_value{std::move(upper)};
    }
    case field_kind::email:
        if (!is_email(text)) {
            return invalid(fault_code::bad_email, text, "is not an e-mail address",
                           "write one address, as name@domain.tld");
        }
        return fitted(std::move(text), type, overflow_policy::reject);  // half an address reaches a stranger
    case field_kind::tax_id: {
        // As the service stores it (src/api/README.md), or the field would look changed for ever.
        std::string stored = as_service_keeps(code, text);
        if (stored.empty()) {
            return invalid(fault_code::bad_tax_id, text, "is a tax id of nothing but dashes",
                           "write its digits, or leave the cell blank");
        }
        // Half a tax id is somebody else's, so it is never cut.
        return fitted(std::move(stored), type, overflow_policy::reject);
    }
    case field_kind::text:
    case field_kind::long_text: break;
    }
    return fitted(std::move(text), type, overflow);
}

result<field_value> cleared(field_code code) {
    switch (traits_of(code).kind) {
    // This is for #N/A in a cell; blank = "clear" in the job is refused before any row is read (mapper::code_of).
    case field_kind::status:
        return invalid(fault_code::bad_number, "", "is to be cleared, but a client always has a status",
                       "write the number of a status, or leave the cell blank to keep it as it is");
    // 0 is none (documented for star).
    case field_kind::star:
    case field_kind::reference: return field_value{std::int64_t{0}};
    default: return field_value{std::string{}};
    }
}

}  // namespace baseload
