#pragma once

#include "baseload/core/result.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <string>

namespace baseload {

// The addresses of a host, looked up for at most `patience`: getaddrinfo itself has no deadline, so a look-up that
// takes longer is left to end on its own, and nobody hears of it.
[[nodiscard]] boost::asio::awaitable<result<boost::asio::ip::tcp::resolver::results_type>>
look_up_host(boost::asio::any_io_executor executor, std::string host, std::string port,
             std::chrono::milliseconds patience);

}  // namespace baseload
