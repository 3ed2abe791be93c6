#pragma once

#include "baseload/config/token.hpp"
#include "baseload/journal/client_memory.hpp"
#include "baseload/journal/journal_identity.hpp"
#include "baseload/session/account_session.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace baseload {

// The token's mark under a salt; a blank one is drawn anew.
[[nodiscard]] token_mark mark_of(const token& secret, const std::string& salt);

// Whether the account has clients that the journal knows, as they were sent: looks at the newest ones, a request each,
// until one is recognised. True as well when the journal knows none. Nothing when the account could not be asked: then
// a stop is requested.
[[nodiscard]] std::optional<bool> account_has_our_clients(account_session& account, client_memory& memory);

// The same on a connection of the caller's. Nothing when the account could not be asked.
[[nodiscard]] boost::asio::awaitable<result<bool>> has_our_clients(api_caller& api, client_memory& memory);

}  // namespace baseload
