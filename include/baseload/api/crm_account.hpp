#pragma once

#include "baseload/api/call.hpp"
#include "baseload/core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What an account's clients refer to by number: getCrmClientStatuses, getCrmClientExtraFields,
// getConnectIntegrations and getConnectIntegrationContractors (src/api/README.md, "Others").

namespace baseload {

struct client_status {
    std::int64_t id = 0;
    std::string name;
    bool is_primary = false;
};

struct extra_field_type {
    std::int64_t id = 0;
    std::string name;
    std::string editor;                // text, number, select, checkbox, radio, date, file
    std::vector<std::string> options;  // of select, checkbox and radio
};

struct contractor {
    std::int64_t id = 0;
    std::string name;
};

[[nodiscard]] api_call list_statuses();
[[nodiscard]] api_call list_extra_field_types();
[[nodiscard]] api_call list_integrations();
[[nodiscard]] api_call list_contractors(std::int64_t integration);

// Of an accepted answer; a fault when its body is no such list. Lists, maps and maps of lists
// are all read, since the answers' shapes vary (src/api/README.md, "Transport").
[[nodiscard]] result<std::vector<client_status>> read_statuses(const std::string& body);
[[nodiscard]] result<std::vector<extra_field_type>> read_extra_field_types(const std::string& body);
[[nodiscard]] result<std::vector<std::int64_t>> read_integrations(const std::string& body);
[[nodiscard]] result<std::vector<contractor>> read_contractors(const std::string& body);

}  // namespace baseload
