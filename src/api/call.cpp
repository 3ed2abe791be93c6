#include "baseload/api/call.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
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
    return file_in(field.value) == nullptr || files.contains(field.code);
}

void append_member(std::string& parameters, std::string_view name, const client_field& field, const file_bytes& files) {
    parameters.append(parameters.back() == '{' ? "" : ",").append(1, '"').append(name).append("\":");
    if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
        parameters += std::to_string(*number);
    } else if (const field_file* file = file_in(field.value)) {
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

// A byte as it stands in a form. Padded to what is copied at once.
struct encoded_byte {
    std::array<char, 4> text{};
    std::uint8_t length = 0;
};

constexpr std::array<encoded_byte, 256> encoded_bytes = [] {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::array<encoded_byte, 256> encoded{};
    for (std::size_t byte = 0; byte < encoded.size(); ++byte) {
        if (urls::unreserved_chars(static_cast<unsigned char>(byte))) {
            encoded[byte] = {{static_cast<char>(byte)}, 1};
        } else {
            encoded[byte] = {{'%', digits[byte / 16], digits[byte % 16]}, 3};
        }
    }
    return encoded;
}();

void append_encoded(std::string& form, std::string_view text) {
    constexpr std::size_t piece = 256;
    std::array<char, 3 * piece + 1> room;  // of what a piece becomes at most, and the padding of its last byte
    while (!text.empty()) {
        char* out = room.data();
        // Every byte that is sent: all four are copied always, without a branch, and the next one overwrites the
        // surplus.
        for (const char c : text.substr(0, piece)) {
            const encoded_byte& encoded = encoded_bytes[static_cast<unsigned char>(c)];
            std::memcpy(out, encoded.text.data(), encoded.text.size());
            out += encoded.length;
        }
        form.append(room.data(), static_cast<std::size_t>(out - room.data()));
        text.remove_prefix(std::min(text.size(), piece));
    }
}

}  // namespace

std::string form_body(const api_call& call) {
    std::string form = "method=";
    // Of a usual row; base64 needs less.
    form.reserve(64 + 2 * call.parameters.size());
    append_encoded(form, call.method);
    form += "&parameters=";
    append_encoded(form, call.parameters);
    return form;
}

}  // namespace baseload
