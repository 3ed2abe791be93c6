#include "methods.hpp"

#include "client_rules.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <array>
#include <utility>

namespace baseload::sandbox {
namespace {

namespace json = boost::json;

// The filters of getCrmClients that look for a part of a field.
constexpr std::array<std::string_view, 6> partial_filters = {"email",           "phone",          "login",
                                                             "invoice_company", "invoice_tax_id", "invoice_fullname"};

std::string text_at(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? json::value_to<std::string>(*value) : std::string{};
}

client_filter filter_of(const json::object& parameters) {
    client_filter filter{.id = loose_integer(parameters.if_contains("filter_crm_client_id")),
                         .status_id = loose_integer(parameters.if_contains("filter_status_id")),
                         .parts = {}};
    for (const std::string_view name : partial_filters) {
        std::string part = text_at(parameters, "filter_" + std::string(name));
        // A blank filter filters nothing.
        if (!part.empty()) {
            filter.parts.emplace_back(name, std::move(part));
        }
    }
    return filter;
}

json::object success() {
    return {{"status", "SUCCESS"}};
}

}  // namespace

json::object error_answer(std::string_view code, std::string_view message) {
    return {{"status", "ERROR"}, {"error_code", code}, {"error_message", message}};
}

json::object methods::call(std::string_view method, const std::string& parameters) {
    boost::system::error_code error;
    // An empty text and [] both stand for no parameters; the importer sends [] for the lists of the account
    // (api/crm_account.cpp).
    const json::value parsed = json::parse(parameters.empty() ? "[]" : parameters, error);
    const bool no_parameters = !error && parsed.is_array() && parsed.as_array().empty();
    // The message of this error may be empty (seen).
    if (error || !(parsed.is_object() || no_parameters)) {
        return error_answer("ERROR_PARSE_JSON_PARAMETERS", "");
    }
    const json::object given = no_parameters ? json::object{} : parsed.as_object();
    if (method == "addCrmClient") {
        return add_client(given);
    }
    if (method == "getCrmClients") {
        return get_clients(given);
    }
    if (method == "getCrmClientData") {
        return get_client_data(given);
    }
    if (method == "deleteCrmClient") {
        return delete_client(given);
    }
    if (method == "getCrmClientStatuses") {
        return statuses_answer();
    }
    if (method == "getCrmClientExtraFields") {
        return extra_fields_answer();
    }
    if (method == "getConnectIntegrations") {
        return integrations_answer();
    }
    if (method == "getConnectIntegrationContractors") {
        return contractors_answer();
    }
    return error_answer("ERROR_UNKNOWN_METHOD", "Unknown method");
}

json::object methods::add_client(const json::object& parameters) {
    const std::int64_t id = loose_integer(parameters.if_contains("crm_client_id")).value_or(0);
    json::object client;
    if (id > 0) {
        auto found = clients_.find_client(id);
        if (!found) {
            return error_answer("ERROR_CRM_CLIENT_NOT_FOUND", "No client with this crm_client_id");
        }
        // The given fields are laid over what is stored; the others stay.
        client = std::move(*found);
    }
    // The store is written only below, so a refused call leaves the client as it was.
    if (const auto problem = store_fields(parameters, client, form_)) {
        return error_answer("ERROR_CRM_CLIENT_DATA", *problem);
    }
    json::object answer = success();
    if (id > 0) {
        clients_.replace_client(id, client);
        answer["crm_client_id"] = id_value(id);
    } else {
        const std::int64_t made = clients_.insert_client(client);
        // Before the answer leaves: the edit may be there before the importer hears of its own create.
        edit_as_staff(made, client);
        answer["crm_client_id"] = id_value(made);
    }
    return answer;
}

// Somebody in the panel has seen the new client, and gives it another address.
void methods::edit_as_staff(std::int64_t id, json::object client) {
    if (options_.edits > 0 && std::uniform_real_distribution<>(0, 1)(random_) < options_.edits) {
        client["email"] = form_.of("email", "staff-" + std::to_string(id) + "@example.pl");
        clients_.replace_client(id, client);
    }
}

json::object methods::with_foreign_id(json::object answer) {
    std::int64_t first = 0;
    // An account without clients has no foreign id to give; the answer stays right then.
    clients_.each_client({}, 0, 1, [&](std::int64_t id, const json::object&) { first = id; });
    if (first > 0 && answer.contains("crm_client_id")) {
        answer["crm_client_id"] = id_value(first);
    }
    return answer;
}

json::object methods::get_clients(const json::object& parameters) {
    const std::int64_t page = loose_integer(parameters.if_contains("page")).value_or(1);
    // Pages below 1 are answered as the first; what the service does is documented nowhere.
    const std::size_t first = page < 1 ? 0 : static_cast<std::size_t>(page - 1) * options_.page_size;
    json::array listed;
    clients_.each_client(filter_of(parameters), first, options_.page_size,
                         [&](std::int64_t id, const json::object& fields) {
                             json::object shown = fields;
                             // Neither is listed (documented): the importer has to read them client by client.
                             shown.erase("notes");
                             shown.erase("custom_extra_fields");
                             shown["crm_client_id"] = id_value(id);
                             listed.push_back(std::move(shown));
                         });
    json::object answer = success();
    answer["clients"] = std::move(listed);
    return answer;
}

json::object methods::get_client_data(const json::object& parameters) {
    const std::int64_t id = loose_integer(parameters.if_contains("crm_client_id")).value_or(0);
    auto found = clients_.find_client(id);
    if (!found) {
        return error_answer("ERROR_CRM_CLIENT_NOT_FOUND", "No client with this crm_client_id");
    }
    json::object answer = success();
    answer["crm_client_id"] = id_value(id);
    const json::value* include = parameters.if_contains("include_custom_extra_fields");
    // As loose as the service's flags are: true, 1 or "1".
    const bool with_extra =
        include != nullptr && ((include->is_bool() && include->as_bool()) || loose_integer(include) == 1);
    json::value extra = (*found)["custom_extra_fields"];
    // Not among the fields below, which are answered in any case.
    found->erase("custom_extra_fields");
    for (auto& [name, value] : *found) {
        answer[name] = value;
    }
    if (with_extra) {
        answer["custom_extra_fields"] = map_value(extra.is_object() ? extra.as_object() : json::object{});
    }
    return answer;
}

json::object methods::delete_client(const json::object& parameters) {
    const std::int64_t id = loose_integer(parameters.if_contains("crm_client_id")).value_or(0);
    if (!clients_.delete_client(id)) {
        return error_answer("ERROR_CRM_CLIENT_NOT_FOUND", "No client with this crm_client_id");
    }
    return success();
}

json::value methods::id_value(std::int64_t id) const {
    return options_.ids_as_strings ? json::value(std::to_string(id)) : json::value(id);
}

json::value methods::map_value(json::object map) const {
    // Seen: an empty map comes as [].
    if (map.empty() && options_.empty_maps_as_arrays) {
        return json::array{};
    }
    return map;
}

}  // namespace baseload::sandbox
