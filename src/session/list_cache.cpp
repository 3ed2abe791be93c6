// The lists are kept in the shape of the API's own answers, and read by what reads those.
#include "baseload/session/list_cache.hpp"

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
bool recall(account_notes& notes, const char* name, result<std::vector<Item>> (*read)(const std::string&),
            std::vector<Item>& into) {
    const std::optional<std::string> text = notes.recalled(name);
    if (!text) {
        return false;
    }
    result<std::vector<Item>> items = read(*text);
    // A text that cannot be read counts as not there: it is asked for again.
    if (items) {
        into = std::move(*items);
    }
    return items.has_value();
}

}  // namespace

cached_lists recall_lists(account_notes& notes) {
    cached_lists found;
    found.present = {.statuses = recall(notes, "statuses", read_statuses, found.listing.statuses),
                     .extra_fields = recall(notes, "extra_fields", read_extra_field_types, found.listing.extra_fields),
                     .contractors = recall(notes, "contractors", read_contractors, found.listing.contractors)};
    return found;
}

void cache_lists(journal& j, const account_listing& listing, const list_selection& selected) {
    json::array items;
    if (selected.statuses) {
        for (const client_status& s : listing.statuses) {
            items.push_back({{"id", s.id}, {"name", s.name}, {"is_primary", s.is_primary ? 1 : 0}});
        }
        // An empty list is written down too: it says that the account was asked.
        j.remember("statuses", in_object("statuses", std::exchange(items, {})));
    }
    if (selected.extra_fields) {
        for (const extra_field_type& f : listing.extra_fields) {
            items.push_back({{"extra_field_id", f.id},
                             {"name", f.name},
                             {"editor_type", f.editor},
                             {"options", json::array(f.options.begin(), f.options.end())}});
        }
        j.remember("extra_fields", in_object("extra_fields", std::exchange(items, {})));
    }
    if (selected.contractors) {
        for (const contractor& c : listing.contractors) {
            items.push_back({{"connect_contractor_id", c.id}, {"name", c.name}});
        }
        j.remember("contractors", in_object("contractors", std::exchange(items, {})));
    }
    j.commit();
}

}  // namespace baseload
