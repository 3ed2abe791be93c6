#include "baseload/api/byte_channel.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>
#include <optional>
#include <utility>

namespace baseload {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

using tls_stream = asio::ssl::stream<beast::tcp_stream&>;

// The certificate must be for this host. OpenSSL's own check, unlike Asio's callback, says
// afterwards that it was the name which did not match.
void expect_host(::SSL* handle, const std::string& host) {
    const bool is_address = ::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(handle), host.c_str()) == 1;
    if (!is_address) {
        ::SSL_set1_host(handle, host.c_str());
    }
}

}  // namespace

class byte_channel::implementation {
public:
    implementation(asio::ip::tcp::socket socket, asio::ssl::context* context) : tcp(std::move(socket)) {
        if (context != nullptr) {
            tls.emplace(tcp, *context);
        }
    }

    beast::tcp_stream tcp;
    std::optional<tls_stream> tls;  // over tcp
};

byte_channel::byte_channel(asio::ip::tcp::socket socket, asio::ssl::context* tls)
    : implementation_(std::make_unique<implementation>(std::move(socket), tls)) {}
byte_channel::~byte_channel() = default;
byte_channel::byte_channel(byte_channel&&) noexcept = default;
byte_channel& byte_channel::operator=(byte_channel&&) noexcept = default;

void byte_channel::expires_after(std::chrono::milliseconds limit) {
    implementation_->tcp.expires_after(limit);
}

asio::awaitable<byte_channel::error_code>
byte_channel::connect(const asio::ip::tcp::resolver::results_type& addresses) {
    const auto [error, address] = co_await implementation_->tcp.async_connect(addresses, as_result);
    if (!error) {
        implementation_->tcp.socket().set_option(asio::ip::tcp::no_delay(true));
    }
    co_return error;
}

asio::awaitable<byte_channel::error_code> byte_channel::greet_server(const std::string& host) {
    if (!implementation_->tls) {
        co_return error_code{};
    }
    ::SSL* handle = implementation_->tls->native_handle();
    expect_host(handle, host);
    // What the macro SSL_set_tlsext_host_name does, without its C cast.
    ::SSL_ctrl(handle, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str()));
    const auto [error] = co_await implementation_->tls->async_handshake(asio::ssl::stream_base::client, as_result);
    co_return error;
}

asio::awaitable<byte_channel::error_code> byte_channel::greet_client() {
    implementation_->tcp.socket().set_option(asio::ip::tcp::no_delay(true));
    if (!implementation_->tls) {
        co_return error_code{};
    }
    const auto [error] = co_await implementation_->tls->async_handshake(asio::ssl::stream_base::server, as_result);
    co_return error;
}

std::string byte_channel::certificate_problem() const {
    const long verified =
        implementation_->tls ? ::SSL_get_verify_result(implementation_->tls->native_handle()) : X509_V_OK;
    return verified == X509_V_OK ? std::string{} : ::X509_verify_cert_error_string(verified);
}

asio::awaitable<byte_channel::transfer> byte_channel::read_some(char* into, std::size_t size) {
    const asio::mutable_buffer room(into, size);
    if (implementation_->tls) {
        const auto [error, bytes] = co_await implementation_->tls->async_read_some(room, as_result);
        co_return transfer{error, bytes};
    }
    const auto [error, bytes] = co_await implementation_->tcp.async_read_some(room, as_result);
    co_return transfer{error, bytes};
}

asio::awaitable<byte_channel::transfer> byte_channel::write(std::string_view text) {
    const asio::const_buffer all(text.data(), text.size());
    if (implementation_->tls) {
        const auto [error, bytes] = co_await asio::async_write(*implementation_->tls, all, as_result);
        co_return transfer{error, bytes};
    }
    const auto [error, bytes] = co_await asio::async_write(implementation_->tcp, all, as_result);
    co_return transfer{error, bytes};
}

bool byte_channel::is_quiet() const {
    char byte = 0;
    const int descriptor = implementation_->tcp.socket().native_handle();
    return ::recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

bool byte_channel::has_unread() const {
    if (implementation_->tls) {
        return ::SSL_pending(implementation_->tls->native_handle()) > 0;
    }
    char byte = 0;
    return ::recv(implementation_->tcp.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void byte_channel::close() {
    implementation_->tcp.close();
}

void byte_channel::reset() {
    implementation_->tcp.socket().set_option(asio::socket_base::linger(true, 0));
    implementation_->tcp.close();
}

}  // namespace baseload
