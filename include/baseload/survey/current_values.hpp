#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/core/client.hpp"
#include "baseload/survey/rehearsal.hpp"

#include <map>
#include <vector>

namespace baseload {

// What the account has now of the fields that these updates would send, by the clients' ids: a request each, within the
// account's limit. A client that cannot be read is left out, and so are files, which the service does not show.
// Throws command_error as run_import does.
[[nodiscard]] std::map<std::int64_t, client_fields> current_values(const settings& job,
                                                                   const std::vector<planned_change>& updates);

}  // namespace baseload
