#include "baseload/survey/same_customer.hpp"

#include "baseload/core/field_table.hpp"
#include "baseload/core/fingerprint.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <variant>

namespace baseload {
namespace {

// One form for one value, whatever it is written like; blank where it tells nothing.
std::string canonical(field_code code, std::string_view text) {
    if (code == field_code::email) {
        return text.find('@') == std::string_view::npos ? std::string{} : folded(text);
    }
    std::string kept;
    for (const char c : text) {
        if (is_digit(c) || (code == field_code::invoice_tax_id && static_cast<unsigned char>(c) > '9')) {
            kept += c;
        }
    }
    // 000000000 and 1111111111 are written where there is none.
    const bool is_one_sign = kept.find_first_not_of(kept.empty() ? '0' : kept.front()) == std::string::npos;
    if (code == field_code::phone) {
        // A national number: what stands before it is a country's code, or nothing.
        constexpr std::size_t national_digits = 9;
        return kept.size() < national_digits || is_one_sign ? std::string{}
                                                            : kept.substr(kept.size() - national_digits);
    }
    kept = ascii_upper(kept);
    // PL1234567890 and 1234567890 are one.
    constexpr std::size_t nip_digits = 10;
    if (kept.size() == nip_digits + 2 && kept.starts_with("PL")) {
        kept.erase(0, 2);
    }
    constexpr std::size_t fewest = 6;
    const bool has_digits = std::any_of(kept.begin(), kept.end(), is_digit);
    return kept.size() < fewest || !has_digits || is_one_sign ? std::string{} : kept;
}

}  // namespace

std::vector<telling_value> telling_values(const client_fields& fields) {
    std::vector<telling_value> values;
    for (const client_field& field : fields) {
        const auto* text = std::get_if<std::string>(&field.value);
        const bool is_telling =
            std::find(telling_fields.begin(), telling_fields.end(), field.code) != telling_fields.end();
        if (text == nullptr || !is_telling) {
            continue;
        }
        if (const std::string value = canonical(field.code, *text); !value.empty()) {
            values.push_back({field.code, fingerprint_of(field_name(field.code) + value).low});
        }
    }
    return values;
}

std::string same_customer_text(const same_customer& s, const line_places& places) {
    std::vector<std::string> lines;
    for (const std::uint64_t line : s.lines) {
        lines.push_back(places.word(line));
    }
    if (s.rows > s.lines.size()) {
        lines.push_back(fmt::format("{} more", grouped(s.rows - s.lines.size())));
    }
    return fmt::format("lines {}: one customer under {} keys, it seems: the same {}", listed(lines), grouped(s.rows),
                       listed(s.fields));
}

}  // namespace baseload
