#include "baseload/api/call.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace baseload {
namespace {

namespace json = boost::json;
namespace urls = boost::urls;

json::value to_json(const field_value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        return json::value(*text);
    }
    return json::value(std::get<std::int64_t>(value));
}

}  // namespace

api_call add_client(std::optional<std::int64_t> crm_client_id, const client_fields& fields) {
    json::object parameters;
    json::object extra;
    if (crm_client_id) {
        parameters["crm_client_id"] = *crm_client_id;
    }
    for (const client_field& field : fields) {
        if (const auto id = extra_field_id(field.code)) {
            extra[std::to_string(*id)] = to_json(field.value);
        } else {
            parameters[field_name(field.code)] = to_json(field.value);
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
