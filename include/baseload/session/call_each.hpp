#pragma once

#include "baseload/session/account_session.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>

namespace baseload {

// Does `work` for each number below `count`, over so many connections at once, until all are
// done or a stop is requested; runs the session's event loop meanwhile. What `work` throws
// ends it all.
void call_each(account_session& account, unsigned connections, std::size_t count,
               const std::function<boost::asio::awaitable<void>(api_caller&, std::size_t)>& work);

}  // namespace baseload
