#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace boost::asio::ssl {
class context;
}

namespace baseload {

// A TCP stream, plain or under TLS, behind one face that is not a template: what is said over it is compiled once. All
// that is under way on it shares one deadline. Lives on the I/O thread; one read and one write at a time. Its
// operations may be awaited no longer than it lives.
class byte_channel {
public:
    using error_code = boost::system::error_code;

    // What an operation moved before it ended, and why it ended early.
    struct transfer {
        error_code error;
        std::size_t bytes = 0;
    };

    // Takes over a socket, connected or not. `tls`: null for a plain channel, else it must outlive this.
    byte_channel(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls);
    ~byte_channel();
    byte_channel(byte_channel&&) noexcept;
    byte_channel& operator=(byte_channel&&) noexcept;

    // From now on an operation that is not over after `limit` fails with boost::beast::error::timeout.
    void expires_after(std::chrono::milliseconds limit);

    // To the first of the addresses that answers.
    [[nodiscard]] boost::asio::awaitable<error_code>
    connect(const boost::asio::ip::tcp::resolver::results_type& addresses);

    // The client's side of TLS, SNI and the check of the host's name included (RFC 6066, RFC 6125); the server's side.
    // Nothing to do on a plain channel.
    [[nodiscard]] boost::asio::awaitable<error_code> greet_server(const std::string& host);
    [[nodiscard]] boost::asio::awaitable<error_code> greet_client();

    // Why the server's certificate is not to be trusted; blank when that is not what failed.
    [[nodiscard]] std::string certificate_problem() const;

    // At least one byte, or an error; boost::asio::error::eof at the end.
    [[nodiscard]] boost::asio::awaitable<transfer> read_some(char* into, std::size_t size);
    // All of them, or an error.
    [[nodiscard]] boost::asio::awaitable<transfer> write(std::string_view bytes);

    // Whether the other side has neither closed it nor said anything that nobody has read.
    [[nodiscard]] bool is_quiet() const;

    // Whether bytes wait behind what was read last. Under TLS those count that are off the socket already: what still
    // lies there may be TLS's own.
    [[nodiscard]] bool has_unread() const;

    void close();  // at once, without TLS's parting words
    void reset();  // with an RST in place of TCP's parting words

private:
    class implementation;

    std::size_t send_at_once(std::string_view bytes);

    std::shared_ptr<implementation> implementation_;  // with its timer
};

}  // namespace baseload
