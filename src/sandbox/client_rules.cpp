#include "client_rules.hpp"

#include "baseload/core/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value_to.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <ctime>
#include <iomanip>
#include <sstream>
#include <utility>

namespace baseload::sandbox {
namespace {

namespace json = boost::json;

struct text_field {
    std::string_view name;
    std::size_t limit;
};
// Lengths as the vendor's page has them, in characters; that of `notes` is in bytes (inferred).
constexpr std::array<text_field, 19> text_fields = {{
    {"login", 156},
    {"phone", 156},
    {"email", 220},
    {"notes", 65'535},
    {"invoice_company", 500},
    {"invoice_fullname", 500},
    {"invoice_address", 500},
    {"invoice_postcode", 20},
    {"invoice_city", 100},
    {"invoice_state", 35},
    {"invoice_country_code", 2},
    {"invoice_tax_id", 50},
    {"delivery_company", 500},
    {"delivery_fullname", 500},
    {"delivery_address", 500},
    {"delivery_postcode", 20},
    {"delivery_city", 100},
    {"delivery_state", 35},
    {"delivery_country_code", 2},
}};

// The ids of contractors_answer() below: what is offered there is taken here.
constexpr std::int64_t partner_contractor = 301;  // of the integration that the account was connected to

template <std::size_t Count>
bool has(const std::array<std::int64_t, Count>& ids, std::int64_t id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// Numbers are taken as texts too, since the service's types are loose (seen).
std::string text_of(const json::value& value) {
    return value.is_string()       ? json::value_to<std::string>(value)
           : loose_integer(&value) ? std::to_string(*loose_integer(&value))
                                   : "";
}

std::optional<std::string> store_text(const text_field& field, const json::value& value, json::object& client,
                                      const storage_rules& rules) {
    if (!value.is_string() && !loose_integer(&value)) {
        return fmt::format("{} must be a text", field.name);
    }
    std::string text = text_of(value);
    // First of all, as a database without such characters would: they count as one "?" for the length.
    static_cast<void>(replace_beyond_bmp(text));
    // Before the length is checked (documented: the service removes white space and dashes).
    if (field.name == "invoice_tax_id") {
        std::erase_if(text, [](unsigned char c) { return std::isspace(c) != 0 || c == '-'; });
    }
    const bool in_bytes = field.name == "notes";
    if (!rules.cuts_overlong && (in_bytes ? text.size() : code_points(text)) > field.limit) {
        return fmt::format("{} is longer than {}", field.name, field.limit);
    }
    // After the check: a text that fits may become longer, as by escapes, and is then cut without a word.
    text = rules.form.of(field.name, std::move(text));
    client[field.name] = in_bytes ? head_bytes(text, field.limit) : head_code_points(text, field.limit);
    return std::nullopt;
}

std::optional<std::string> store_number(std::string_view name, const json::object& parameters, json::object& client,
                                        const std::function<bool(std::int64_t)>& allowed) {
    const json::value* value = parameters.if_contains(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    const auto number = loose_integer(value);
    // What the service answers here is documented nowhere; a refusal is the harder case for the importer.
    if (!number || !allowed(*number)) {
        return fmt::format("{} has a value that the account does not know", name);
    }
    client[name] = *number;
    return std::nullopt;
}

// A file field takes {"title", "file": "data:" + base64}.
std::optional<std::string> check_file(const json::value& value) {
    const json::object* file = value.if_object();
    const json::value* title = file == nullptr ? nullptr : file->if_contains("title");
    const json::value* data = file == nullptr ? nullptr : file->if_contains("file");
    if (title == nullptr || data == nullptr || !title->is_string() || !data->is_string()) {
        return "a file field takes a title and a file";
    }
    const std::string text = text_of(*data);
    // A raw "+" of a form arrives as a blank, which is refused here: a file that was not encoded well shows at once.
    const bool base64 = text.starts_with("data:") && std::all_of(text.begin() + 5, text.end(), [](unsigned char c) {
                            return std::isalnum(c) != 0 || c == '+' || c == '/' || c == '=';
                        });
    if (!base64) {
        return "the file is not \"data:\" and base64";
    }
    // 2 MB are 2.8 million characters in base64, which has four for three bytes.
    if (code_points(text_of(*title)) > 40 || text.size() > std::size_t{2'800'000}) {
        return "the file or its title is too large";
    }
    return std::nullopt;
}

// A file is read back by its title and an address. Its content is kept beside them, for whoever reads the state.
json::object stored_file(const json::object& file) {
    const std::string title = text_of(file.at("title"));
    const std::string content = text_of(file.at("file"));
    return {{"title", title},
            {"url", fmt::format("https://files.example/{:x}/{}", std::hash<std::string>{}(content), title)},
            {"file", content}};
}

// "2022-03-10", as the importer writes dates, is midnight of that day in UTC.
json::value unix_time_of(const json::value& value) {
    std::istringstream text(text_of(value));
    std::tm day{};
    text >> std::get_time(&day, "%Y-%m-%d");
    return text.fail() ? value : json::value(std::to_string(::timegm(&day)));
}

std::optional<std::string> store_extra_fields(const json::object& parameters, json::object& client,
                                              const storage_rules& rules) {
    const json::value* given = parameters.if_contains("custom_extra_fields");
    // [] is an empty map in the service's own answers (seen), so it is taken for one here.
    if (given == nullptr || (given->is_array() && given->as_array().empty())) {
        return std::nullopt;
    }
    if (!given->is_object()) {
        return "custom_extra_fields must be an object";
    }
    // Fields that are not given stay as they are: an update changes the given ones alone (documented).
    json::object& kept = client["custom_extra_fields"].is_object() ? client["custom_extra_fields"].as_object()
                                                                   : client["custom_extra_fields"].emplace_object();
    for (const auto& [id, value] : given->as_object()) {
        const std::string_view name(id.data(), id.size());
        const auto field = std::find_if(rules.extra_fields.begin(), rules.extra_fields.end(),
                                        [&](const extra_field& f) { return std::to_string(f.id) == name; });
        if (field == rules.extra_fields.end()) {
            return fmt::format("the account has no extra field {}", name);
        }
        const bool is_file = field->editor == "file" && value.is_object();
        if (is_file) {
            if (auto problem = check_file(value)) {
                return problem;
            }
        }
        // An empty text removes the value (documented).
        if (value.is_string() && value.as_string().empty()) {
            kept.erase(id);
        } else if (is_file) {
            kept[id] = stored_file(value.as_object());
        } else {
            kept[id] = field->editor == "date" && rules.unix_dates ? unix_time_of(value) : value;
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> loose_integer(const json::value* value) {
    if (value == nullptr) {
        return std::nullopt;
    }
    if (const std::int64_t* number = value->if_int64()) {
        return *number;
    }
    // 1.0 is a whole number too. Others, and those that no int64 can hold, are none.
    if (const double* number = value->if_double();
        number != nullptr && std::abs(*number) < 9e15 && std::trunc(*number) == *number) {
        return static_cast<std::int64_t>(*number);
    }
    if (value->is_string()) {
        const auto& text = value->as_string();
        std::int64_t number = 0;
        const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc{} && rest == text.data() + text.size()) {
            return number;
        }
    }
    return std::nullopt;
}

// Changes `client` field by field: after a refusal the caller must drop it, which add_client of methods.cpp does.
std::optional<std::string> store_fields(const json::object& parameters, json::object& client,
                                        const storage_rules& rules) {
    for (const text_field& field : text_fields) {
        if (const json::value* value = parameters.if_contains(field.name)) {
            if (auto problem = store_text(field, *value, client, rules)) {
                return problem;
            }
        }
    }
    const auto is_taken = [&](std::int64_t id) { return rules.is_status(id) || rules.accepts_unknown_status; };
    if (auto problem = store_number("status_id", parameters, client, is_taken)) {
        return problem;
    }
    if (auto problem = store_number("star", parameters, client, [](std::int64_t n) { return n >= 0 && n <= 5; })) {
        return problem;
    }
    if (auto problem = store_number("contractor_id", parameters, client, [&](std::int64_t id) {
            return id == 0 || id == partner_contractor ||
                   std::any_of(rules.contractors.begin(), rules.contractors.end(),
                               [&](const named& each) { return each.id == id; });
        })) {
        return problem;
    }
    return store_extra_fields(parameters, client, rules);
}

json::object with_all_fields(const json::object& stored) {
    json::object all;
    for (const text_field& field : text_fields) {
        all[field.name] = "";
    }
    for (const char* number : {"status_id", "star", "contractor_id"}) {
        all[number] = 0;
    }
    for (const auto& [name, value] : stored) {
        all[name] = value;
    }
    return all;
}

json::object extra_fields_answer(const std::vector<extra_field>& fields) {
    json::array all;
    for (const extra_field& f : fields) {
        json::object field{{"extra_field_id", f.id}, {"name", f.name}, {"editor_type", f.editor}};
        // Only select, checkbox and radio have options (documented).
        if (!f.options.empty()) {
            field["options"] = json::array(f.options.begin(), f.options.end());
        }
        all.push_back(std::move(field));
    }
    return {{"status", "SUCCESS"}, {"extra_fields", std::move(all)}};
}

// One of its own and one that it was connected to, as the method's page has them.
json::object integrations_answer() {
    const auto integration = [](std::int64_t id, const char* name) {
        return json::object{
            {"connect_integration_id", id}, {"name", name}, {"settings", json::object{{"currency", "PLN"}}}};
    };
    return {{"status", "SUCCESS"},
            {"integrations", json::object{{"own_integrations", json::array{integration(7, "Sandbox Connect")}},
                                          {"connected_integrations", json::array{integration(8, "Partner Connect")}}}}};
}

// By keys that are not the ids, as in the sample of the method's page.
json::object contractors_answer(std::int64_t integration, const std::vector<named>& own) {
    const auto contractor = [](std::int64_t id, const std::string& name) {
        return json::object{{"connect_contractor_id", id},
                            {"name", name},
                            {"credit_data", json::object{{"limit", 1000}, {"currency", "PLN"}}},
                            {"settings", json::object{{"price_group_id", 0}}}};
    };
    json::object contractors;
    if (integration == 7) {
        for (const named& each : own) {
            contractors[std::to_string(each.id - 189)] = contractor(each.id, each.name);
        }
    } else if (integration == 8) {
        contractors["21"] = contractor(partner_contractor, "Partner Zachód");
    }
    return {{"status", "SUCCESS"}, {"contractors", std::move(contractors)}};
}

}  // namespace baseload::sandbox
