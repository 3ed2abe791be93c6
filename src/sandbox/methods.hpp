#pragma once

#include "baseload/sandbox/options.hpp"
#include "store.hpp"
#include "stored_form.hpp"

#include <boost/json/object.hpp>

#include <random>
#include <string>
#include <string_view>

namespace baseload::sandbox {

// The methods of src/api/README.md over the store, validating as the service does. Where src/api/README.md says
// that an answer is documented nowhere, an ERROR with a code of the sandbox's own stands in.
class methods {
public:
    // Throws command_error(usage) for changes of texts that do not exist.
    methods(store& clients, const options& o)
        : clients_(clients), options_(o), form_(o.changes), random_(o.seed.value_or(1)) {}

    // The answer's JSON. `parameters` is the JSON text as received.
    [[nodiscard]] boost::json::object call(std::string_view method, const std::string& parameters);

    // A wrong answer: it names the account's first client.
    [[nodiscard]] boost::json::object with_foreign_id(boost::json::object answer);

private:
    void edit_as_staff(std::int64_t id, boost::json::object client);
    boost::json::object add_client(const boost::json::object& parameters);
    boost::json::object get_clients(const boost::json::object& parameters);
    boost::json::object get_client_data(const boost::json::object& parameters);
    boost::json::object delete_client(const boost::json::object& parameters);
    boost::json::object statuses();
    boost::json::object add_status(const boost::json::object& parameters);
    boost::json::object delete_status(const boost::json::object& parameters);
    boost::json::object status_groups();
    boost::json::object add_status_group(const boost::json::object& parameters);
    boost::json::object delete_status_group(const boost::json::object& parameters);
    [[nodiscard]] bool has_status(std::int64_t id);
    boost::json::value id_value(std::int64_t id) const;
    boost::json::value map_value(boost::json::object map) const;

    store& clients_;
    const options& options_;
    stored_form form_;
    std::mt19937_64 random_;
};

// Whether it changes the account.
[[nodiscard]] bool is_write(std::string_view method);

[[nodiscard]] boost::json::object error_answer(std::string_view code, std::string_view message);

}  // namespace baseload::sandbox
