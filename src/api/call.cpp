#include "baseload/api/call.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <openssl/evp.h>

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

// Nothing for a file without its bytes.
std::optional<json::value> to_json(const client_field& field, const file_bytes& files) {
    if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
        return json::value(*number);
    }
    const auto* file = std::get_if<field_file>(&field.value);
    if (file == nullptr) {
        return json::value(std::get<std::string>(field.value));
    }
    const auto bytes = files.find(field.code);
    if (bytes == files.end()) {
        return std::nullopt;
    }
    return json::value{{"title", file->title}, {"file", "data:" + base64(bytes->second)}};
}

}  // namespace

api_call add_client(std::optional<std::int64_t> crm_client_id, const client_fields& fields, const file_bytes& files) {
    json::object parameters;
    json::object extra;
    if (crm_client_id) {
        parameters["crm_client_id"] = *crm_client_id;
    }
    for (const client_field& field : fields) {
        const auto value = to_json(field, files);
        if (!value) {
            continue;
        }
        if (const auto id = extra_field_id(field.code)) {
            extra[std::to_string(*id)] = *value;
        } else {
            parameters[field_name(field.code)] = *value;
        }
    }
    if (!extra.empty()) {
        parameters["custom_extra_fields"] = std::move(extra);
    }
    return {crm_client_id ? call_kind::update : call_kind::create, "addCrmClient", json::serialize(parameters)};
}

std::string form_body(const api_call& call) {
    return "method=" + urls::encode(call.method, urls::unreserved_chars) +
           "&parameters=" + urls::encode(call.parameters, urls::unreserved_chars);
}

}  // namespace baseload
