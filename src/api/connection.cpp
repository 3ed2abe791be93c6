#include "baseload/api/connection.hpp"

#include "answer_parser.hpp"
#include "baseload/core/stop.hpp"
#include "resolve.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <optional>

namespace baseload {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using tls_stream = asio::ssl::stream<beast::tcp_stream>;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// A server may close an idle connection at any moment (5 s is a common setting), and a
// request that meets the closing is neither sent nor unsent: so an idle one is not used.
constexpr std::chrono::seconds longest_idle{2};

// The certificate must be for this host. OpenSSL's own check, unlike Asio's callback, says
// afterwards that it was the name which did not match.
void expect_host(::SSL* handle, const std::string& host) {
    const bool address = ::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(handle), host.c_str()) == 1;
    if (!address) {
        ::SSL_set1_host(handle, host.c_str());
    }
}

// OpenSSL's reason for a failed verification says more than the handshake's error.
std::string tls_failure(tls_stream& stream, const error_code& error, const std::string& host) {
    const long verified = ::SSL_get_verify_result(stream.native_handle());
    if (verified == X509_V_OK) {
        return fmt::format("TLS with {} failed ({})", host, error.message());
    }
    return fmt::format("the certificate of {} is not to be trusted ({})", host,
                       ::X509_verify_cert_error_string(verified));
}

}  // namespace

connector::connector(endpoint api, std::chrono::milliseconds timeout, const std::filesystem::path& ca_file)
    : api_(std::move(api)), timeout_(timeout) {
    if (!api_.tls) {
        return;
    }
    tls_ = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    ::SSL_CTX_set_min_proto_version(tls_->native_handle(), TLS1_2_VERSION);
    tls_->set_verify_mode(asio::ssl::verify_peer);
    if (ca_file.empty()) {
        tls_->set_default_verify_paths();
        return;
    }
    error_code error;
    tls_->load_verify_file(ca_file.string(), error);
    if (error) {
        throw stop(exit_code::usage,
                   fmt::format("the CA file {} cannot be used ({}); [account] ca_file must name a PEM "
                               "file with certificates",
                               ca_file.string(), error.message()));
    }
}

class connection::implementation {
public:
    implementation(asio::any_io_executor executor, const connector& way) : executor_(std::move(executor)), way_(way) {}

    asio::awaitable<std::string> ensure_open() {
        if (is_fresh()) {
            co_return std::string{};
        }
        close();
        const resolved addresses = co_await resolve_within(executor_, way_.api().host, way_.api().port, way_.timeout());
        if (!addresses.failure.empty()) {
            co_return addresses.failure;
        }
        beast::tcp_stream tcp(executor_);
        tcp.expires_after(way_.timeout());
        const auto [error, address] = co_await tcp.async_connect(addresses.endpoints, as_result);
        if (error) {
            co_return fmt::format("no connection to {} port {} ({})", way_.api().host, way_.api().port,
                                  error.message());
        }
        tcp.socket().set_option(asio::ip::tcp::no_delay(true));
        if (!way_.api().tls) {
            plain_.emplace(std::move(tcp));
            co_return std::string{};
        }
        tls_.emplace(std::move(tcp), way_.tls());
        std::string failure = co_await shake_hands();
        if (!failure.empty()) {
            close();
        }
        co_return failure;
    }

    asio::awaitable<exchange_result> post(const std::string& token, std::string form) {
        http::request<http::string_body> request(http::verb::post, way_.api().target, 11);
        const bool default_port = way_.api().port == (way_.api().tls ? "443" : "80");
        const bool v6 = way_.api().host.find(':') != std::string::npos;
        const std::string host = v6 ? "[" + way_.api().host + "]" : way_.api().host;
        request.set(http::field::host, default_port ? host : host + ":" + way_.api().port);
        request.set(http::field::user_agent, "baseload");
        request.set(http::field::content_type, "application/x-www-form-urlencoded");
        request.set("X-BLToken", token);
        request.body() = std::move(form);
        request.prepare_payload();
        exchange_result result;
        if (tls_) {
            result = co_await exchange(*tls_, request);
        } else {
            result = co_await exchange(*plain_, request);
        }
        if (!result.complete) {
            close();
        }
        co_return result;
    }

private:
    beast::tcp_stream& lowest() { return tls_ ? tls_->next_layer() : *plain_; }

    // Open, lately used, and the server has neither closed it nor said anything unasked.
    bool is_fresh() {
        if (!tls_ && !plain_) {
            return false;
        }
        if (std::chrono::steady_clock::now() - last_used_ > longest_idle) {
            return false;
        }
        char byte = 0;
        const int descriptor = lowest().socket().native_handle();
        return ::recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }

    asio::awaitable<std::string> shake_hands() {
        const std::string& host = way_.api().host;
        expect_host(tls_->native_handle(), host);
        // What the macro SSL_set_tlsext_host_name does, without its C cast (SNI, RFC 6066).
        ::SSL_ctrl(tls_->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                   const_cast<char*>(host.c_str()));
        const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::client, as_result);
        if (error) {
            co_return tls_failure(*tls_, error, host);
        }
        co_return std::string{};
    }

    template <class Stream>
    asio::awaitable<exchange_result> exchange(Stream& stream, http::request<http::string_body>& request) {
        exchange_result result;
        lowest().expires_after(way_.timeout());
        const auto [write_error, written] = co_await http::async_write(stream, request, as_result);
        result.sent = written > 0;
        if (write_error) {
            result.failure = fmt::format("sending failed ({})", write_error.message());
            co_return result;
        }
        result.sent = true;
        answer_parser parser;
        beast::flat_buffer buffer;
        const auto [read_error, count] = co_await http::async_read(stream, buffer, parser.get(), as_result);
        if (read_error) {
            result.failure = fmt::format("no whole answer came ({})", read_error.message());
            co_return result;
        }
        last_used_ = std::chrono::steady_clock::now();
        const bool keep = parser.keeps_alive();
        result.complete = true;
        result.answer = parser.release();
        if (!keep) {
            close();
        }
        co_return result;
    }

    // At once, without TLS's parting words: nothing is under way when this is called.
    void close() {
        if (tls_ || plain_) {
            lowest().close();
        }
        tls_.reset();
        plain_.reset();
    }

    asio::any_io_executor executor_;
    const connector& way_;
    std::optional<beast::tcp_stream> plain_;  // at most one of these two
    std::optional<tls_stream> tls_;
    std::chrono::steady_clock::time_point last_used_ = std::chrono::steady_clock::now();
};

connection::connection(asio::any_io_executor executor, const connector& way)
    : implementation_(std::make_unique<implementation>(std::move(executor), way)) {}
connection::~connection() = default;
connection::connection(connection&&) noexcept = default;

asio::awaitable<std::string> connection::ensure_open() {
    return implementation_->ensure_open();
}

asio::awaitable<exchange_result> connection::post(const std::string& token, std::string form) {
    return implementation_->post(token, std::move(form));
}

}  // namespace baseload
