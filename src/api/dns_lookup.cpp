#include "dns_lookup.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

namespace baseload {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// Shared by the one who waits and by the look-up that may outlive him.
struct look_up {
    explicit look_up(const asio::any_io_executor& executor) : resolver(executor), deadline(executor) {}

    tcp::resolver resolver;
    asio::steady_timer deadline;
    std::optional<error_code> outcome;
    tcp::resolver::results_type endpoints;
};

}  // namespace

asio::awaitable<result<tcp::resolver::results_type>>
look_up_host(asio::any_io_executor executor, std::string host, std::string port, std::chrono::milliseconds patience) {
    // The handler holds a share: it may run long after the caller has given up.
    const auto shared = std::make_shared<look_up>(executor);
    shared->deadline.expires_after(patience);
    shared->resolver.async_resolve(host, port, [shared](error_code error, tcp::resolver::results_type found) {
        shared->outcome = error;
        shared->endpoints = std::move(found);
        shared->deadline.cancel();
    });
    // Ends by the deadline, or by the answer, which cancels the timer; `outcome` tells which.
    static_cast<void>(co_await shared->deadline.async_wait(asio::as_tuple(asio::use_awaitable)));
    if (!shared->outcome) {
        co_return failure(fmt::format("looking up the address of {} took too long", host));
    }
    if (*shared->outcome) {
        co_return failure(fmt::format("the address of {} is not to be found ({})", host, shared->outcome->message()));
    }
    co_return shared->endpoints;
}

}  // namespace baseload
