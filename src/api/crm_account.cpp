#include "baseload/api/crm_account.hpp"

#include "json_reading.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <simdjson.h>

#include <functional>
#include <string_view>
#include <utility>

namespace baseload {
namespace {

namespace json = boost::json;
using simdjson::dom::element;

// The deepest list that is known is two levels down ({own_integrations: […]}); the bound keeps a hostile answer from
// the stack.
constexpr unsigned deepest = 4;

// Visits every object that has an id by this name, however the answer nests them.
void visit_items(const element& list, const char* id_name,
                 const std::function<void(const element&, std::int64_t)>& visit, unsigned depth = 0) {
    if (const auto id = list.is_object() ? id_at(list, id_name) : std::nullopt) {
        visit(list, *id);
        return;
    }
    if (depth == deepest) {
        return;
    }
    simdjson::dom::array items;
    simdjson::dom::object map;
    if (list.get(items) == simdjson::SUCCESS) {
        for (const element item : items) {
            visit_items(item, id_name, visit, depth + 1);
        }
    } else if (list.get(map) == simdjson::SUCCESS) {
        for (const auto [name, item] : map) {
            visit_items(item, id_name, visit, depth + 1);
        }
    }
}

// Reads the list by this name, an item at a time.
template <class Item>
result<std::vector<Item>> read_list(const std::string& body, const char* name, const char* id_name,
                                    const std::function<Item(const element&, std::int64_t)>& read) {
    simdjson::dom::parser parser;
    element root;
    element list;
    // An answer without the list is a fault, and no empty list: names would be called unknown that the account has.
    if (parser.parse(body).get(root) != simdjson::SUCCESS || root[name].get(list) != simdjson::SUCCESS ||
        (!list.is_array() && !list.is_object())) {
        return failure(std::string("it has no list ") + name);
    }
    std::vector<Item> all;
    visit_items(list, id_name, [&](const element& item, std::int64_t id) { all.push_back(read(item, id)); });
    return all;
}

std::string text_at(const element& item, const char* name) {
    std::string_view text;
    return item[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string{};
}

// true, 1 or "1".
bool flag_at(const element& item, const char* name) {
    bool flag = false;
    return id_at(item, name).has_value() || (item[name].get(flag) == simdjson::SUCCESS && flag);
}

// Options come as texts, numbers or objects with a name; which of them is documented nowhere.
std::vector<std::string> options_of(const element& item) {
    std::vector<std::string> options;
    const auto add = [&](const element& option) {
        std::string_view text;
        if (option.get(text) == simdjson::SUCCESS) {
            options.emplace_back(text);
        } else if (option.is_object()) {
            options.push_back(text_at(option, "name"));
        } else if (option.is_number()) {
            options.push_back(simdjson::to_string(option));
        }
    };
    simdjson::dom::array list;
    simdjson::dom::object map;
    if (item["options"].get(list) == simdjson::SUCCESS) {
        for (const element option : list) {
            add(option);
        }
    } else if (item["options"].get(map) == simdjson::SUCCESS) {
        for (const auto [name, option] : map) {
            add(option);
        }
    }
    return options;
}

}  // namespace

api_call list_statuses() {
    return {call_kind::read, "getCrmClientStatuses", "[]"};
}

api_call list_extra_field_types() {
    return {call_kind::read, "getCrmClientExtraFields", "[]"};
}

api_call list_integrations() {
    return {call_kind::read, "getConnectIntegrations", "[]", true};
}

api_call list_contractors(std::int64_t integration) {
    return {call_kind::read, "getConnectIntegrationContractors",
            json::serialize(json::object{{"connect_integration_id", integration}}), true};
}

result<std::vector<client_status>> read_statuses(const std::string& body) {
    return read_list<client_status>(body, "statuses", "id", [](const element& item, std::int64_t id) {
        return client_status{id, text_at(item, "name"), flag_at(item, "is_primary")};
    });
}

result<std::vector<extra_field_type>> read_extra_field_types(const std::string& body) {
    return read_list<extra_field_type>(
        body, "extra_fields", "extra_field_id", [](const element& item, std::int64_t id) {
            return extra_field_type{id, text_at(item, "name"), text_at(item, "editor_type"), options_of(item)};
        });
}

result<std::vector<std::int64_t>> read_integrations(const std::string& body) {
    return read_list<std::int64_t>(body, "integrations", "connect_integration_id",
                                   [](const element& /*item*/, std::int64_t id) { return id; });
}

result<std::vector<contractor>> read_contractors(const std::string& body) {
    return read_list<contractor>(body, "contractors", "connect_contractor_id",
                                 [](const element& item, std::int64_t id) {
                                     return contractor{id, text_at(item, "name")};
                                 });
}

}  // namespace baseload
