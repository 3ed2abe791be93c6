#include "methods.hpp"

#include "baseload/core/text.hpp"
#include "client_rules.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

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
        // Stored without dashes and white space, and found with them all the same.
        if (name == "invoice_tax_id") {
            part = without_spaces_and_dashes(part);
        }
        // A blank filter filters nothing.
        if (!part.empty()) {
            filter.parts.emplace_back(name, std::move(part));
        }
    }
    return filter;
}

// As the methods' pages have them, in characters.
constexpr std::size_t max_status_name = 30;
constexpr std::size_t max_group_name = 15;
constexpr std::string_view unknown_method = "An unknown method has been used";  // seen

json::object success() {
    return {{"status", "SUCCESS"}};
}

}  // namespace

json::object error_answer(std::string_view code, std::string_view message) {
    return {{"status", "ERROR"}, {"error_code", code}, {"error_message", message}};
}

bool is_write(std::string_view method) {
    return method.starts_with("add") || method.starts_with("delete");
}

json::object methods::call(std::string_view method, const std::string& parameters) {
    struct entry {
        std::string_view name;
        json::object (*call)(methods&, const json::object&);
    };
    static constexpr std::array<entry, 13> table = {{
        {"addCrmClient", [](methods& m, const json::object& p) { return m.add_client(p); }},
        {"getCrmClients", [](methods& m, const json::object& p) { return m.get_clients(p); }},
        {"getCrmClientData", [](methods& m, const json::object& p) { return m.get_client_data(p); }},
        {"deleteCrmClient", [](methods& m, const json::object& p) { return m.delete_client(p); }},
        {"getCrmClientStatuses", [](methods& m, const json::object&) { return m.statuses(); }},
        {"addCrmClientStatus", [](methods& m, const json::object& p) { return m.add_status(p); }},
        {"deleteCrmClientStatus", [](methods& m, const json::object& p) { return m.delete_status(p); }},
        {"getCrmClientStatusGroups", [](methods& m, const json::object&) { return m.status_groups(); }},
        {"addCrmClientStatusGroup", [](methods& m, const json::object& p) { return m.add_status_group(p); }},
        {"deleteCrmClientStatusGroup", [](methods& m, const json::object& p) { return m.delete_status_group(p); }},
        {"getCrmClientExtraFields",
         [](methods& m, const json::object&) { return extra_fields_answer(m.options_.extra_fields); }},
        {"getConnectIntegrations", [](methods&, const json::object&) { return integrations_answer(); }},
        {"getConnectIntegrationContractors",
         [](methods& m, const json::object& p) {
             return contractors_answer(loose_integer(p.if_contains("connect_integration_id")).value_or(0),
                                       m.options_.contractors);
         }},
    }};
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
    const auto found = std::find_if(table.begin(), table.end(), [&](const entry& e) { return e.name == method; });
    return found == table.end() ? error_answer("ERROR_UNKNOWN_METHOD", unknown_method) : found->call(*this, given);
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
    const storage_rules rules{.form = form_,
                              .is_status = [this](std::int64_t status) { return has_status(status); },
                              .cuts_overlong = options_.cuts_overlong,
                              .accepts_unknown_status = options_.accepts_unknown_status,
                              .unix_dates = options_.unix_dates,
                              .extra_fields = options_.extra_fields,
                              .contractors = options_.contractors};
    if (const auto problem = store_fields(parameters, client, rules)) {
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
    clients_.each_client({}, {.first = 0, .count = 1}, [&](std::int64_t id, const json::object&) { first = id; });
    if (first > 0 && answer.contains("crm_client_id")) {
        answer["crm_client_id"] = id_value(first);
    }
    return answer;
}

json::object methods::get_clients(const json::object& parameters) {
    // Pages below 1, and what is no number, are answered as the first; what the service does is documented nowhere.
    const std::int64_t page = std::max<std::int64_t>(loose_integer(parameters.if_contains("page")).value_or(1), 1);
    constexpr std::int64_t beyond_all = 1'000'000'000;  // no account has as many pages
    json::array listed;
    clients_.each_client(filter_of(parameters),
                         {.first = std::min(page - 1, beyond_all) * options_.page_size,
                          .count = options_.page_size,
                          .newest_first = options_.newest_first},
                         [&](std::int64_t id, const json::object& fields) {
                             json::object shown = with_all_fields(fields);
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
    if (json::object* values = extra.if_object()) {
        for (auto& [field, value] : *values) {
            if (json::object* file = value.if_object()) {
                file->erase("file");  // read back by its address alone
            }
        }
    }
    // Not among the fields below, which are answered in any case.
    found->erase("custom_extra_fields");
    for (auto& [name, value] : with_all_fields(*found)) {
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

bool methods::has_status(std::int64_t id) {
    const std::vector<client_status> all = clients_.statuses();
    return std::any_of(all.begin(), all.end(), [&](const client_status& status) { return status.id == id; });
}

json::object methods::statuses() {
    json::array listed;
    for (const client_status& status : clients_.statuses()) {
        listed.push_back({{"id", id_value(status.id)},
                          {"name", status.name},
                          {"color", "#3388cc"},
                          {"group_id", status.group_id},
                          {"is_primary", status.is_primary ? 1 : 0}});
    }
    json::object answer = success();
    answer["statuses"] = std::move(listed);
    return answer;
}

namespace {

bool has_length(const std::string& name, std::size_t most) {
    return !name.empty() && code_points(name) <= most;
}

json::object bad_name(std::size_t most) {
    return error_answer("ERROR_CRM_STATUS_DATA", "name must have 1 to " + std::to_string(most) + " characters");
}

}  // namespace

json::object methods::add_status(const json::object& parameters) {
    const std::string name = text_at(parameters, "name");
    if (!has_length(name, max_status_name)) {
        return bad_name(max_status_name);
    }
    const std::int64_t group = loose_integer(parameters.if_contains("group_id")).value_or(0);
    json::object answer = success();
    answer["status_id"] = id_value(clients_.insert_status({.id = 0, .name = name, .group_id = group}));
    return answer;
}

json::object methods::delete_status(const json::object& parameters) {
    const std::int64_t id = loose_integer(parameters.if_contains("status_id")).value_or(0);
    const std::int64_t target = loose_integer(parameters.if_contains("target_status_id")).value_or(0);
    if (!has_status(id) || !has_status(target) || id == target) {
        return error_answer("ERROR_CRM_STATUS_NOT_FOUND", "No status with this status_id or target_status_id");
    }
    clients_.delete_status(id, target);
    return success();
}

json::object methods::status_groups() {
    json::array listed;
    for (const auto& [id, name] : clients_.status_groups()) {
        listed.push_back({{"id", id_value(id)}, {"name", name}});
    }
    json::object answer = success();
    answer["groups"] = std::move(listed);
    return answer;
}

json::object methods::add_status_group(const json::object& parameters) {
    const std::string name = text_at(parameters, "name");
    if (!has_length(name, max_group_name)) {
        return bad_name(max_group_name);
    }
    json::object answer = success();
    answer["group_id"] = id_value(clients_.insert_status_group(name));
    return answer;
}

json::object methods::delete_status_group(const json::object& parameters) {
    const std::int64_t id = loose_integer(parameters.if_contains("group_id")).value_or(0);
    return clients_.delete_status_group(id) ? success()
                                            : error_answer("ERROR_CRM_STATUS_NOT_FOUND", "No group with this group_id");
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
