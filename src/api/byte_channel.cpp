#include "baseload/api/byte_channel.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <utility>

namespace baseload {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

using tls_stream = asio::ssl::stream<asio::ip::tcp::socket&>;
using steady_clock = std::chrono::steady_clock;

// The certificate must be for this host. OpenSSL's own check, unlike Asio's callback, says
// afterwards that it was the name which did not match.
void expect_host(::SSL* handle, const std::string& host) {
    // An address is checked against the certificate's addresses, and a name against its names (RFC 6125).
    const bool is_address = ::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(handle), host.c_str()) == 1;
    if (!is_address) {
        ::SSL_set1_host(handle, host.c_str());
    }
}

}  // namespace

// The deadline is a moment that each exchange moves on, and one timer that looks at it: it is set anew when it rings,
// and not for every operation. When an operation is under way past the deadline the socket is closed, which ends it.
class byte_channel::implementation : public std::enable_shared_from_this<implementation> {
public:
    implementation(asio::ip::tcp::socket socket, asio::ssl::context* context)
        : tcp(std::move(socket)), alarm_(tcp.get_executor()) {
        if (context != nullptr) {
            tls.emplace(tcp, *context);
        }
    }

    void expires_after(std::chrono::milliseconds limit) { deadline_ = steady_clock::now() + limit; }

    // Around each operation. What the operation says of its end is put right: a socket that was closed here timed out.
    void begin() {
        ++under_way_;
        // The alarm is moved only when it would ring too late: most operations touch no timer.
        if (alarm_.expiry() > deadline_ || !is_watching_) {
            watch();
        }
    }
    [[nodiscard]] error_code end(error_code error) {
        --under_way_;
        // Else it would read "operation aborted", which says nothing to a person.
        return error && has_expired_ ? error_code(beast::error::timeout) : error;
    }

    void close() {
        error_code ignored;
        tcp.close(ignored);
    }

    asio::ip::tcp::socket tcp;
    std::optional<tls_stream> tls;  // over tcp

private:
    void watch() {
        is_watching_ = true;
        alarm_.expires_at(deadline_);
        // Weak: a channel that is gone must not be kept alive by its alarm.
        alarm_.async_wait([weak = weak_from_this()](const error_code& moved) {
            if (const auto self = moved ? nullptr : weak.lock()) {
                self->look_at_deadline();
            }
        });
    }

    void look_at_deadline() {
        is_watching_ = false;
        if (under_way_ == 0) {
            return;  // the next operation watches again
        }
        // The deadline was moved on since the alarm was set.
        if (steady_clock::now() < deadline_) {
            watch();
            return;
        }
        has_expired_ = true;
        close();
    }

    asio::steady_timer alarm_;
    steady_clock::time_point deadline_ = steady_clock::time_point::max();
    unsigned under_way_ = 0;
    bool is_watching_ = false;
    bool has_expired_ = false;
};

byte_channel::byte_channel(asio::ip::tcp::socket socket, asio::ssl::context* tls)
    : implementation_(std::make_shared<implementation>(std::move(socket), tls)) {}
// What is still under way on it ends, as it does with a socket that is destroyed.
byte_channel::~byte_channel() {
    if (implementation_) {
        implementation_->close();
    }
}
byte_channel::byte_channel(byte_channel&&) noexcept = default;
byte_channel& byte_channel::operator=(byte_channel&&) noexcept = default;

void byte_channel::expires_after(std::chrono::milliseconds limit) {
    implementation_->expires_after(limit);
}

asio::awaitable<byte_channel::error_code>
byte_channel::connect(const asio::ip::tcp::resolver::results_type& addresses) {
    const auto channel = implementation_;
    channel->begin();
    const auto [result, address] = co_await asio::async_connect(channel->tcp, addresses, as_result);
    const error_code error = channel->end(result);
    if (!error) {
        // Without Nagle's algorithm (TCP_NODELAY): a request is one write, and must not wait for an earlier packet's
        // acknowledgement.
        channel->tcp.set_option(asio::ip::tcp::no_delay(true));
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
    const auto channel = implementation_;
    channel->begin();
    const auto [error] = co_await channel->tls->async_handshake(asio::ssl::stream_base::client, as_result);
    co_return channel->end(error);
}

asio::awaitable<byte_channel::error_code> byte_channel::greet_client() {
    implementation_->tcp.set_option(asio::ip::tcp::no_delay(true));
    if (!implementation_->tls) {
        co_return error_code{};
    }
    const auto channel = implementation_;
    channel->begin();
    const auto [error] = co_await channel->tls->async_handshake(asio::ssl::stream_base::server, as_result);
    co_return channel->end(error);
}

std::string byte_channel::certificate_problem() const {
    const long verified =
        implementation_->tls ? ::SSL_get_verify_result(implementation_->tls->native_handle()) : X509_V_OK;
    return verified == X509_V_OK ? std::string{} : ::X509_verify_cert_error_string(verified);
}

asio::awaitable<byte_channel::transfer> byte_channel::read_some(char* into, std::size_t size) {
    const auto channel = implementation_;
    const asio::mutable_buffer room(into, size);
    channel->begin();
    if (channel->tls) {
        const auto [error, bytes] = co_await channel->tls->async_read_some(room, as_result);
        co_return transfer{channel->end(error), bytes};
    }
    const auto [error, bytes] = co_await channel->tcp.async_read_some(room, as_result);
    co_return transfer{channel->end(error), bytes};
}

asio::awaitable<byte_channel::transfer> byte_channel::write(std::string_view text) {
    const auto channel = implementation_;
    channel->begin();
    if (channel->tls) {
        const auto [error, bytes] = co_await asio::async_write(*channel->tls, asio::buffer(text), as_result);
        co_return transfer{channel->end(error), bytes};
    }
    // Not under TLS, where bytes must be encrypted first.
    std::size_t sent = send_at_once(text);
    error_code error;
    if (sent < text.size()) {
        const auto [failed, bytes] =
            co_await asio::async_write(channel->tcp, asio::buffer(text.substr(sent)), as_result);
        error = failed;
        sent += bytes;
    }
    co_return transfer{channel->end(error), sent};
}

// As much as the socket takes without waiting: all of a request, as a rule. An error shows in the write that follows.
std::size_t byte_channel::send_at_once(std::string_view text) {
    const ssize_t sent =
        // MSG_NOSIGNAL: a connection that the other side has closed must not end the program with SIGPIPE.
        ::send(implementation_->tcp.native_handle(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

namespace {

enum class waiting { nothing, a_byte, the_end };

// What waits under TLS: records that Asio took off the socket together lie in OpenSSL's buffer, and nobody sees them
// there who looks at the socket, nor SSL_pending(), which counts what is decrypted. Session tickets of TLS 1.3 are
// taken in silently (RFC 8446, 4.6.1): they are no part of an answer.
waiting under_tls(tls_stream& tls) {
    ::ERR_clear_error();
    char byte = 0;
    const int peeked = ::SSL_peek(tls.native_handle(), &byte, 1);
    if (peeked > 0) {
        return waiting::a_byte;
    }
    return ::SSL_get_error(tls.native_handle(), peeked) == SSL_ERROR_WANT_READ ? waiting::nothing : waiting::the_end;
}

}  // namespace

bool byte_channel::is_quiet() const {
    if (implementation_->tls && under_tls(*implementation_->tls) != waiting::nothing) {
        return false;
    }
    char byte = 0;
    const int descriptor = implementation_->tcp.native_handle();
    // 0 bytes is an end, 1 is something that nobody has asked for; only "nothing there yet" is quiet (recv(2)).
    return ::recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

bool byte_channel::has_unread() const {
    if (implementation_->tls) {
        return under_tls(*implementation_->tls) == waiting::a_byte;
    }
    char byte = 0;
    return ::recv(implementation_->tcp.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void byte_channel::close() {
    implementation_->close();
}

void byte_channel::reset() {
    // Linger of zero seconds makes close() send an RST (socket(7), SO_LINGER).
    implementation_->tcp.set_option(asio::socket_base::linger(true, 0));
    implementation_->close();
}

}  // namespace baseload
