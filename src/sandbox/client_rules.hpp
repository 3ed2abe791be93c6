#pragma once

#include "stored_form.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace baseload::sandbox {

// What the service makes of addCrmClient's parameters (src/api/README.md): a table of its own, so that
// the importer's is tested against it and not against itself.

// Lays the given fields over `client`, each as the service stores it: its texts in `form`, cut where the field ends.
// Returns what is wrong with the first that it refuses, or nothing.
[[nodiscard]] std::optional<std::string> store_fields(const boost::json::object& parameters,
                                                      boost::json::object& client, const stored_form& form);

// A number that may come as text.
[[nodiscard]] std::optional<std::int64_t> loose_integer(const boost::json::value* value);

// The account's fixed furniture.
[[nodiscard]] boost::json::object statuses_answer();
[[nodiscard]] boost::json::object extra_fields_answer();
[[nodiscard]] boost::json::object integrations_answer();
[[nodiscard]] boost::json::object contractors_answer();

}  // namespace baseload::sandbox
