#include "baseload/api/crm_clients.hpp"

#include "json_reading.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>
#include <string_view>
#include <utility>

namespace baseload {
namespace {

namespace json = boost::json;
using simdjson::dom::element;

constexpr std::string_view extra_fields_name = "custom_extra_fields";

constexpr const char* no_list = "the service's answer lists no clients";
constexpr const char* no_client = "the service's answer shows no client";
constexpr const char* no_fields = "these are not the parameters of an addCrmClient";

// A scalar as a text: the API may give 42 or "42", null or "". Nothing for an object or an array.
std::optional<std::string> text_of(const element& value) {
    switch (value.type()) {
    case simdjson::dom::element_type::STRING: return std::string(value.get_string().value_unsafe());
    case simdjson::dom::element_type::NULL_VALUE: return std::string{};
    case simdjson::dom::element_type::OBJECT:
    case simdjson::dom::element_type::ARRAY: return std::nullopt;
    default: return simdjson::to_string(value);
    }
}

// Ids are 1 to 2^31 - 1 (core/field_code.hpp); other names are not the account's fields.
std::optional<field_code> extra_field_named(std::string_view name) {
    std::uint32_t id = 0;
    const auto [rest, error] = std::from_chars(name.data(), name.data() + name.size(), id);
    const bool whole = error == std::errc{} && rest == name.data() + name.size();
    return whole && id > 0 && id <= 0x7FFF'FFFFU ? std::optional(extra_field(id)) : std::nullopt;
}

void read_extra_fields(const element& value, listed_client& client) {
    simdjson::dom::object extra;
    if (value.get(extra) != simdjson::SUCCESS) {
        return;  // an empty map comes as []
    }
    for (const auto [name, content] : extra) {
        const auto code = extra_field_named(name);
        const auto text = text_of(content);
        if (code && text) {
            client.fields[*code] = *text;
        }
    }
}

listed_client read_fields(const simdjson::dom::object& object) {
    listed_client client;
    for (const auto [name, value] : object) {
        if (name == extra_fields_name) {
            read_extra_fields(value, client);
            // Members that this program does not know are passed over: the service may add some.
        } else if (const auto code = find_field(name)) {
            if (auto text = text_of(value)) {
                client.fields[*code] = std::move(*text);
            }
        }
    }
    return client;
}

api_call read_call(const char* method, const json::object& parameters) {
    return {call_kind::read, method, json::serialize(parameters)};
}

}  // namespace

api_call list_clients(const std::optional<client_search>& search, unsigned page) {
    json::object parameters{{"page", page}};
    if (search) {
        parameters["filter_" + field_name(search->field)] = search->value;
    }
    return read_call("getCrmClients", parameters);
}

api_call list_client(std::int64_t crm_client_id) {
    return read_call("getCrmClients", {{"page", 1}, {"filter_crm_client_id", crm_client_id}});
}

api_call client_data(std::int64_t crm_client_id) {
    return read_call("getCrmClientData", {{"crm_client_id", crm_client_id}, {"include_custom_extra_fields", true}});
}

api_call delete_client(std::int64_t crm_client_id) {
    // An update as far as repeating goes: a client that is deleted twice is gone all the same.
    return {call_kind::update, "deleteCrmClient", json::serialize(json::object{{"crm_client_id", crm_client_id}})};
}

result<std::vector<listed_client>> read_client_list(const std::string& body) {
    simdjson::dom::parser parser;
    element root;
    simdjson::dom::element list;
    if (parser.parse(body).get(root) != simdjson::SUCCESS || root["clients"].get(list) != simdjson::SUCCESS) {
        return failure(no_list);
    }
    std::vector<listed_client> clients;
    const auto add = [&](const element& item) {
        simdjson::dom::object object;
        if (item.get(object) != simdjson::SUCCESS) {
            return false;
        }
        listed_client client = read_fields(object);
        // An item without an id makes the whole list unreadable: a page that is read in part could hide the client that
        // is looked for.
        client.crm_client_id = id_at(item, "crm_client_id").value_or(0);
        clients.push_back(std::move(client));
        return clients.back().crm_client_id > 0;
    };
    // A list, or (loose as its types are) a map of them.
    if (simdjson::dom::array items; list.get(items) == simdjson::SUCCESS) {
        for (const element item : items) {
            if (!add(item)) {
                return failure(no_list);
            }
        }
        return clients;
    }
    simdjson::dom::object items;
    if (list.get(items) != simdjson::SUCCESS) {
        return failure(no_list);
    }
    for (const auto [name, item] : items) {
        if (!add(item)) {
            return failure(no_list);
        }
    }
    return clients;
}

result<listed_client> read_client_data(const std::string& body, std::int64_t crm_client_id) {
    simdjson::dom::parser parser;
    simdjson::dom::object root;
    if (parser.parse(body).get(root) != simdjson::SUCCESS) {
        return failure(no_client);
    }
    listed_client client = read_fields(root);
    client.crm_client_id = crm_client_id;
    // An object without any known field is not about a client, whatever its status.
    if (client.fields.empty()) {
        return failure(no_client);
    }
    return client;
}

result<client_fields> read_client_fields(const std::string& parameters) {
    simdjson::dom::parser parser;
    simdjson::dom::object root;
    if (parser.parse(parameters).get(root) != simdjson::SUCCESS) {
        return failure(no_fields);
    }
    const auto value_of = [](const element& value) -> std::optional<field_value> {
        if (std::int64_t number = 0; value.get(number) == simdjson::SUCCESS) {
            return field_value{number};
        }
        auto text = text_of(value);
        return text ? std::optional<field_value>(std::move(*text)) : std::nullopt;
    };
    std::map<field_code, field_value> sent;
    for (const auto [name, value] : root) {
        simdjson::dom::object extra;
        if (name == extra_fields_name && value.get(extra) == simdjson::SUCCESS) {
            for (const auto [id, content] : extra) {
                const auto code = extra_field_named(id);
                auto text = value_of(content);
                if (!code || !text) {
                    return failure(no_fields);
                }
                sent.insert_or_assign(*code, std::move(*text));
            }
            continue;
        }
        const auto code = find_field(name);
        auto field = value_of(value);
        if (!code || !field) {
            return failure(no_fields);
        }
        // Sorted by the map, as client_fields must be.
        sent.insert_or_assign(*code, std::move(*field));
    }
    client_fields fields;
    for (auto& [code, value] : sent) {
        fields.push_back({code, std::move(value)});
    }
    return fields;
}

}  // namespace baseload
