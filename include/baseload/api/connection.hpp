#pragma once

#include "baseload/api/byte_channel.hpp"
#include "baseload/api/transport.hpp"
#include "baseload/core/endpoint.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace boost::asio::ssl {
class context;
}

namespace baseload {

// How to reach the API; one for all connections of a run.
class connector {
public:
    // `timeout`: for connecting, and for one exchange. `ca_file`: PEM; empty for the
    // system's certificates. Throws command_error(usage) when the file cannot be used.
    connector(endpoint api, std::chrono::milliseconds timeout, const std::filesystem::path& ca_file);

    [[nodiscard]] const endpoint& api() const { return api_; }
    [[nodiscard]] std::chrono::milliseconds timeout() const { return timeout_; }

    // Null for an http endpoint.
    [[nodiscard]] boost::asio::ssl::context* tls() const { return tls_.get(); }

private:
    endpoint api_;
    std::chrono::milliseconds timeout_;
    std::shared_ptr<boost::asio::ssl::context> tls_;  // null for http
};

// One kept-alive HTTP/1.1 connection, over TLS (1.2 or later, certificate and host name verified, SNI) unless the
// endpoint is http. Every wait has a deadline. Redirects are answers like others: never followed. An answer has 4 MiB
// at most.
class connection final : public transport {
public:
    // The connector must outlive it.
    connection(boost::asio::any_io_executor executor, const connector& way);

    [[nodiscard]] bool is_open() const override;
    [[nodiscard]] boost::asio::awaitable<result<void>> ensure_open() override;
    [[nodiscard]] boost::asio::awaitable<result<http_answer, no_answer>> post(const std::string& token,
                                                                              const std::string& form) override;
    void close() override;

private:
    void write_request(const std::string& token, std::string_view form);
    [[nodiscard]] boost::asio::awaitable<result<http_answer, no_answer>> exchange();

    boost::asio::any_io_executor executor_;
    const connector& way_;
    std::optional<byte_channel> channel_;
    std::chrono::steady_clock::time_point last_used_;
    std::string request_;  // the one under way
    std::string piece_;    // of its answer, as read last
};

}  // namespace baseload
