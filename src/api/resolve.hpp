#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <string>

namespace baseload {

// The addresses of a host, or why there are none.
struct resolved {
    boost::asio::ip::tcp::resolver::results_type endpoints;
    std::string failure;
};

// Looks a host name up, for at most `patience`: getaddrinfo itself has no deadline, so a
// look-up that takes longer is left to end on its own, unheard.
[[nodiscard]] boost::asio::awaitable<resolved> resolve_within(boost::asio::any_io_executor executor, std::string host,
                                                              std::string port, std::chrono::milliseconds patience);

}  // namespace baseload
