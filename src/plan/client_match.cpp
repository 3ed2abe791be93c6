#include "baseload/plan/client_match.hpp"

#include "baseload/core/fingerprint.hpp"
#include "baseload/core/text.hpp"
#include "baseload/plan/loose_text.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

namespace baseload {
namespace {

// As it is sent, which the service may show in another form.
field_value value_of(field_code code, const std::string& shown) {
    if (traits_of(code).is_number()) {
        // A text that is no number leaves 0, which is blank.
        std::int64_t number = 0;
        std::from_chars(shown.data(), shown.data() + shown.size(), number);
        return number;
    }
    return as_service_keeps(code, shown);
}

// For `link` and `audit`. Stricter than plan/loose_text.cpp, which allows for what the service makes of a text that was
// sent.
std::string normalised(field_code code, const std::string& text) {
    return folded(traits_of(code).is_digits ? without_spaces_and_dashes(text) : text);
}

std::optional<std::string> joined(const std::vector<field_code>& fields,
                                  const std::function<std::string(field_code)>& text_of) {
    std::string all;
    for (const field_code code : fields) {
        // One blank field is enough to match nobody: two customers without an e-mail address are not one.
        const std::string text = normalised(code, text_of(code));
        if (text.empty()) {
            return std::nullopt;
        }
        // With the field's name, so that what stands in one field does not match what stands in another
        // (tests/plan/client_match_test.cpp).
        all += (all.empty() ? "" : ", ") + field_name(code) + " " + text;
    }
    return all;
}

}  // namespace

std::optional<std::string> match_text(const client_fields& row, const std::vector<field_code>& fields) {
    return joined(fields, [&](field_code code) -> std::string {
        const auto at = std::find_if(row.begin(), row.end(), [&](const client_field& f) { return f.code == code; });
        if (at == row.end() || is_blank(at->value)) {
            return {};
        }
        return text_of(at->value);
    });
}

std::optional<std::string> match_text(const listed_client& client, const std::vector<field_code>& fields) {
    return joined(fields, [&](field_code code) -> std::string {
        const auto at = client.fields.find(code);
        return at == client.fields.end() ? std::string{} : at->second;
    });
}

// As if it had been sent, so a journal that begins with it sends only what the source has otherwise. Fields that are
// not listed stay unknown, and are sent.
sent_fields shown_fields(const listed_client& client) {
    sent_fields sent;
    for (const auto& [code, text] : client.fields) {
        sent.emplace(code, hash_of_value(value_of(code, text)));
    }
    return sent;
}

// The key alone proves nothing where the rest speaks against it: two accounts may both number their customers from 1.
bool shows_what_was_sent(const listed_client& client, const std::string& key, const sent_fields& sent) {
    bool shows_key = false;
    bool is_contradicted = false;
    for (const auto& [code, text] : client.fields) {
        // Strangers share cities and postcodes.
        if (traits_of(code).search_rank == 0 || text.empty()) {
            continue;
        }
        if (loosely_equal_keys(text, key)) {
            shows_key = true;
            continue;
        }
        if (const auto was = sent.find(code); was != sent.end()) {
            if (was->second == hash_of_value(value_of(code, text))) {
                return true;
            }
            is_contradicted = true;
        }
    }
    return shows_key && !is_contradicted;
}

client_fields shown_values(const listed_client& client, const client_fields& fields) {
    client_fields values;
    for (const client_field& field : fields) {
        const auto at = client.fields.find(field.code);
        const std::string shown = at == client.fields.end() ? std::string{} : at->second;
        const bool is_file = file_in(field.value) != nullptr;
        if (is_file || (traits_of(field.code).kind == field_kind::status && shown.empty())) {
            continue;  // a file cannot be read back, and a client always has a status
        }
        values.push_back({field.code, value_of(field.code, shown)});
    }
    return values;
}

}  // namespace baseload
