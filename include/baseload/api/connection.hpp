#pragma once

#include "baseload/api/answer.hpp"
#include "baseload/core/endpoint.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace boost::asio::ssl {
class context;
}

namespace baseload {

// How to reach the API; one for all connections of a run.
class connector {
public:
    // `timeout`: for connecting, and for one exchange. `ca_file`: PEM; empty for the
    // system's certificates. Throws stop(usage) when the file cannot be used.
    connector(endpoint api, std::chrono::milliseconds timeout, const std::filesystem::path& ca_file);

    [[nodiscard]] const endpoint& api() const { return api_; }
    [[nodiscard]] std::chrono::milliseconds timeout() const { return timeout_; }

    // Precondition: the endpoint is https.
    [[nodiscard]] boost::asio::ssl::context& tls() const { return *tls_; }

private:
    endpoint api_;
    std::chrono::milliseconds timeout_;
    std::shared_ptr<boost::asio::ssl::context> tls_;  // null for http
};

// What came of one exchange. `answer` is set when `complete`; `sent` tells whether a byte
// of the request may have reached the server.
struct exchange_result {
    bool complete = false;
    bool sent = false;
    http_answer answer;
    std::string failure;  // why it is not complete
};

// One kept-alive HTTP/1.1 connection, over TLS (1.2 or later, certificate and host name
// verified, SNI) unless the endpoint is http. Every wait has a deadline. Lives on the I/O
// thread; one exchange at a time. Redirects are answers like others: never followed.
class connection {
public:
    // The connector must outlive it.
    connection(boost::asio::any_io_executor executor, const connector& way);
    ~connection();
    connection(connection&&) noexcept;
    connection& operator=(connection&&) = delete;

    // Makes sure that the connection stands, opening it anew when it is not fresh. Returns
    // why it cannot, or nothing.
    [[nodiscard]] boost::asio::awaitable<std::string> ensure_open();

    // Sends a POST with the token and a form body and reads the answer, at most 4 MiB.
    // Precondition: ensure_open() has just succeeded. A failure closes the connection.
    [[nodiscard]] boost::asio::awaitable<exchange_result> post(const std::string& token, std::string form);

private:
    class implementation;
    std::unique_ptr<implementation> implementation_;
};

}  // namespace baseload
