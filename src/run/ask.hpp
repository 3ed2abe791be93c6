#pragma once

#include "caller.hpp"

#include <boost/asio/awaitable.hpp>
#include <tl/expected.hpp>

#include <string>

namespace baseload {

// An answer, or why there is none.
template <class Value>
using read_result = tl::expected<Value, std::string>;

// The body of the answer to a call that reads.
[[nodiscard]] boost::asio::awaitable<read_result<std::string>> ask(caller& line, api_call call);

}  // namespace baseload
