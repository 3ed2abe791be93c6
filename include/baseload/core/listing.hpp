#pragma once

#include "baseload/core/client.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace baseload {

// What getCrmClients is asked for: the clients in whose field the text occurs (src/api/README.md).
struct client_search {
    field_code field{};
    std::string value;
};

// A client as the account shows it. A field that the answer lacks is absent here; one that
// it shows blank is an empty text. Numbers are in decimal.
struct listed_client {
    std::int64_t crm_client_id = 0;
    std::map<field_code, std::string> fields;
};

}  // namespace baseload
