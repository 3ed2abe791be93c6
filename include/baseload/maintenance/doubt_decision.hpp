#pragma once

#include "baseload/config/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace baseload {

// A person's word on a create that no look-up could settle. Both throw command_error(usage) when the
// key is not in doubt, and journal_busy while a run holds the journal.

// The key's client is this one of the account. What the client does not show as it was sent
// is sent by the next run; the fields' names are returned. Throws command_error(usage) when the account
// has no such client, or when it is another row's, and command_error(stopped) when it cannot be asked.
[[nodiscard]] std::vector<std::string> resolve_as(const settings& job, const std::string& key,
                                                  std::int64_t crm_client_id, bool same_account = false);

// The account does not have it: the next run creates it.
void resolve_as_absent(const settings& job, const std::string& key);

}  // namespace baseload
