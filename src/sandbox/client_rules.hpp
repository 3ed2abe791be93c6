#pragma once

#include "baseload/sandbox/options.hpp"
#include "stored_form.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace baseload::sandbox {

// What the service makes of addCrmClient's parameters (src/api/README.md): a table of its own, so that
// the importer's is tested against it and not against itself.

// How this account's service stores what it is given.
struct storage_rules {
    const stored_form& form;
    std::function<bool(std::int64_t)> is_status;  // whether the account has it
    bool cuts_overlong = false;
    bool accepts_unknown_status = false;
    bool unix_dates = false;
    const std::vector<extra_field>& extra_fields;
    const std::vector<named>& contractors;
};

// Lays the given fields over `client`, each as the service stores it: its texts in a form of its own, cut where the
// field ends. Returns what is wrong with the first that it refuses, or nothing.
[[nodiscard]] std::optional<std::string> store_fields(const boost::json::object& parameters,
                                                      boost::json::object& client, const storage_rules& rules);

// Every field of addCrmClient, those that are not stored as "" or 0 (documented).
[[nodiscard]] boost::json::object with_all_fields(const boost::json::object& stored);

// A number that may come as text. Nothing for what is no whole number, or none that 64 bits hold.
[[nodiscard]] std::optional<std::int64_t> loose_integer(const boost::json::value* value);

// The account's furniture.
[[nodiscard]] boost::json::object extra_fields_answer(const std::vector<extra_field>& fields);
[[nodiscard]] boost::json::object integrations_answer();
[[nodiscard]] boost::json::object contractors_answer(std::int64_t integration, const std::vector<named>& own);

}  // namespace baseload::sandbox
