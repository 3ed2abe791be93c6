#include "baseload/api/call.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace baseload {
namespace {

namespace json = boost::json;
namespace urls = boost::urls;

std::string base64(const std::string& bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL adds a NUL
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

// As JSON has a text (RFC 8259, 7). Most texts need no escape.
void append_text(std::string& parameters, std::string_view text) {
    const bool is_plain = std::none_of(
        text.begin(), text.end(), [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; });
    // Bytes above 0x7F stand as they are: JSON is UTF-8 (RFC 8259, 8.1), and cells are valid UTF-8 by now.
    if (is_plain) {
        parameters.append(1, '"').append(text).append(1, '"');
    } else {
        parameters += json::serialize(json::string_view(text.data(), text.size()));
    }
}

// A file without its bytes is left out.
bool is_sent(const client_field& field, const file_bytes& files) {
    return !std::holds_alternative<field_file>(field.value) || files.contains(field.code);
}

void append_member(std::string& parameters, std::string_view name, const client_field& field, const file_bytes& files) {
    parameters.append(parameters.back() == '{' ? "" : ",").append(1, '"').append(name).append("\":");
    if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
        parameters += std::to_string(*number);
    } else if (const auto* file = std::get_if<field_file>(&field.value)) {
        parameters += "{\"title\":";
        append_text(parameters, file->title);
        parameters.append(",\"file\":\"data:").append(base64(files.at(field.code))).append("\"}");
    } else {
        append_text(parameters, std::get<std::string>(field.value));
    }
}

}  // namespace

// Written as it goes: a row's own value, and no tree of values before it.
api_call add_client(std::optional<std::int64_t> crm_client_id, const client_fields& fields, const file_bytes& files) {
    std::string parameters = "{";
    // Of a usual row, so that the text does not grow in steps; files make it grow.
    parameters.reserve(1024);
    if (crm_client_id) {
        parameters.append("\"crm_client_id\":").append(std::to_string(*crm_client_id));
    }
    bool has_extra = false;
    for (const client_field& field : fields) {
        const bool is_extra = extra_field_id(field.code).has_value();
        has_extra = has_extra || (is_extra && is_sent(field, files));
        if (!is_extra && is_sent(field, files)) {
            append_member(parameters, traits_of(field.code).name, field, files);
        }
    }
    if (has_extra) {
        parameters.append(parameters.back() == '{' ? "" : ",").append("\"custom_extra_fields\":{");
        for (const client_field& field : fields) {
            if (const auto id = extra_field_id(field.code); id && is_sent(field, files)) {
                append_member(parameters, std::to_string(*id), field, files);
            }
        }
        parameters += '}';
    }
    parameters += '}';
    return {crm_client_id ? call_kind::update : call_kind::create, "addCrmClient", std::move(parameters)};
}

namespace {

// Whether a byte stands as it is in a form: asked of every byte that is sent.
constexpr std::array<bool, 256> unreserved_bytes = [] {
    std::array<bool, 256> is_unreserved{};
    for (std::size_t byte = 0; byte < is_unreserved.size(); ++byte) {
        is_unreserved[byte] = urls::unreserved_chars(static_cast<unsigned char>(byte));
    }
    return is_unreserved;
}();

void append_encoded(std::string& form, std::string_view text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    const std::size_t begin = form.size();
    // The longest that it can become; it is cut to what was written at the end.
    form.resize(begin + 3 * text.size());
    char* out = form.data() + begin;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (unreserved_bytes[byte]) {
            *out++ = c;
        } else {
            *out++ = '%';
            *out++ = digits[byte >> 4U];
            *out++ = digits[byte & 0xFU];
        }
    }
    form.resize(static_cast<std::size_t>(out - form.data()));
}

}  // namespace

std::string form_body(const api_call& call) {
    std::string form = "method=";
    append_encoded(form, call.method);
    form += "&parameters=";
    append_encoded(form, call.parameters);
    return form;
}

}  // namespace baseload
