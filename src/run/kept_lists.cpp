// The lists are kept in the shape of the API's own answers, and read by what reads those.
#include "kept_lists.hpp"

#include "baseload/api/crm_account.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <string>
#include <utility>

namespace baseload {
namespace {

namespace json = boost::json;

std::string in_object(const char* name, json::array items) {
    return json::serialize(json::object{{name, std::move(items)}});
}

template <class Item>
bool recall(journal& known, const char* name, std::optional<std::vector<Item>> (*read)(const std::string&),
            std::vector<Item>& into) {
    const std::optional<std::string> text = known.recalled(name);
    std::optional<std::vector<Item>> items = text ? read(*text) : std::nullopt;
    if (items) {
        into = std::move(*items);
    }
    return items.has_value();
}

}  // namespace

kept kept_lists(journal& known) {
    kept found;
    found.statuses = recall(known, "statuses", read_statuses, found.listing.statuses);
    found.extra_fields = recall(known, "extra_fields", read_extra_field_types, found.listing.extra_fields);
    found.contractors = recall(known, "contractors", read_contractors, found.listing.contractors);
    return found;
}

void keep_lists(journal& known, const account_listing& listing, bool statuses, bool extra_fields, bool contractors) {
    json::array items;
    if (statuses) {
        for (const client_status& s : listing.statuses) {
            items.push_back({{"id", s.id}, {"name", s.name}, {"is_primary", s.is_primary ? 1 : 0}});
        }
        known.remember("statuses", in_object("statuses", std::exchange(items, {})));
    }
    if (extra_fields) {
        for (const extra_field_type& f : listing.extra_fields) {
            items.push_back({{"extra_field_id", f.id},
                             {"name", f.name},
                             {"editor_type", f.editor},
                             {"options", json::array(f.options.begin(), f.options.end())}});
        }
        known.remember("extra_fields", in_object("extra_fields", std::exchange(items, {})));
    }
    if (contractors) {
        for (const contractor& c : listing.contractors) {
            items.push_back({{"connect_contractor_id", c.id}, {"name", c.name}});
        }
        known.remember("contractors", in_object("contractors", std::exchange(items, {})));
    }
    known.commit();
}

}  // namespace baseload
