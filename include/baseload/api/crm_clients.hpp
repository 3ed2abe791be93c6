#pragma once

#include "baseload/api/call.hpp"
#include "baseload/core/listing.hpp"
#include "baseload/core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Reading and removing clients: getCrmClients, getCrmClientData, deleteCrmClient (src/api/README.md).

namespace baseload {

// `page` counts from 1. Without a search: all clients.
[[nodiscard]] api_call list_clients(const std::optional<client_search>& search, unsigned page);
[[nodiscard]] api_call list_client(std::int64_t crm_client_id);

// With its notes and extra fields.
[[nodiscard]] api_call client_data(std::int64_t crm_client_id);

[[nodiscard]] api_call delete_client(std::int64_t crm_client_id);

// The clients of an accepted getCrmClients; a fault when the body does not list them.
[[nodiscard]] result<std::vector<listed_client>> read_client_list(const std::string& body);

// The client of an accepted getCrmClientData; a fault when the body is not about one.
[[nodiscard]] result<listed_client> read_client_data(const std::string& body, std::int64_t crm_client_id);

// What an addCrmClient sent, read back from its parameters; a fault when they are not its own.
[[nodiscard]] result<client_fields> read_client_fields(const std::string& parameters);

}  // namespace baseload
