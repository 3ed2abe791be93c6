#include "baseload/api/connection.hpp"

#include "answer_parser.hpp"
#include "baseload/core/command_error.hpp"
#include "dns_lookup.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <fmt/format.h>

#include <utility>

namespace baseload {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// A server may close an idle connection at any moment (5 s is a common setting), and a
// request that meets the closing is neither sent nor unsent: so an idle one is not used.
constexpr std::chrono::seconds max_idle{2};

// A write's answer fits at once, and so does the beginning of a list.
constexpr std::size_t read_size = 16'384;

}  // namespace

connector::connector(endpoint api, std::chrono::milliseconds timeout, const std::filesystem::path& ca_file)
    : api_(std::move(api)), timeout_(timeout) {
    if (!api_.tls) {
        return;
    }
    tls_ = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    // TLS 1.0 and 1.1 are deprecated (RFC 8996).
    ::SSL_CTX_set_min_proto_version(tls_->native_handle(), TLS1_2_VERSION);
    tls_->set_verify_mode(asio::ssl::verify_peer);
    if (ca_file.empty()) {
        tls_->set_default_verify_paths();
        return;
    }
    error_code error;
    tls_->load_verify_file(ca_file.string(), error);
    if (error) {
        throw command_error(exit_code::usage,
                            fmt::format("the CA file {} cannot be used ({}); [account] ca_file must name a PEM "
                                        "file with certificates",
                                        ca_file.string(), error.message()));
    }
}

connection::connection(asio::any_io_executor executor, const connector& way)
    : executor_(std::move(executor)), way_(way), last_used_(std::chrono::steady_clock::now()), piece_(read_size, '\0') {
}

// Bytes that wait unread are an answer to nothing that was asked, or the server's closing: either ends the connection.
bool connection::is_open() const {
    return channel_ && std::chrono::steady_clock::now() - last_used_ <= max_idle && channel_->is_quiet();
}

asio::awaitable<result<void>> connection::ensure_open() {
    if (is_open()) {
        co_return result<void>{};
    }
    channel_.reset();
    const std::string& host = way_.api().host;
    const auto addresses = co_await look_up_host(executor_, host, way_.api().port, way_.timeout());
    if (!addresses) {
        co_return failure(addresses.error());
    }
    byte_channel channel(asio::ip::tcp::socket(executor_), way_.tls());
    // One deadline for connecting and greeting together; the look-up of the name had its own.
    channel.expires_after(way_.timeout());
    if (const error_code error = co_await channel.connect(*addresses)) {
        co_return failure(fmt::format("no connection to {} port {} ({})", host, way_.api().port, error.message()));
    }
    if (const error_code error = co_await channel.greet_server(host)) {
        // OpenSSL's reason for a failed verification says more than the handshake's error.
        const std::string problem = channel.certificate_problem();
        co_return failure(problem.empty()
                              ? fmt::format("TLS with {} failed ({})", host, error.message())
                              : fmt::format("the certificate of {} is not to be trusted ({})", host, problem));
    }
    channel_.emplace(std::move(channel));
    co_return result<void>{};
}

void connection::close() {
    channel_.reset();
}

// Head and body in one buffer, whose room is used again: what leaves in one piece is answered soonest.
void connection::write_request(const std::string& token, std::string_view form) {
    const endpoint& api = way_.api();
    // An address of IPv6 stands in brackets (RFC 3986, 3.2.2), and a port that is the scheme's own is left out.
    const bool is_v6 = api.host.find(':') != std::string::npos;
    const bool is_default_port = api.port == (api.tls ? "443" : "80");
    request_.clear();
    request_.append("POST ").append(api.target).append(" HTTP/1.1\r\nHost: ");
    request_.append(is_v6 ? "[" : "").append(api.host).append(is_v6 ? "]" : "");
    if (!is_default_port) {
        request_.append(":").append(api.port);
    }
    request_.append("\r\nUser-Agent: baseload\r\nContent-Type: application/x-www-form-urlencoded\r\nX-BLToken: ");
    request_.append(token).append("\r\nContent-Length: ").append(std::to_string(form.size()));
    request_.append("\r\n\r\n").append(form);
}

asio::awaitable<result<http_answer, no_answer>> connection::post(const std::string& token, const std::string& form) {
    write_request(token, form);
    // Whatever went wrong, the rest of an answer may still come: the connection is never used after a failure.
    auto answer = co_await exchange();
    if (!answer) {
        channel_.reset();
    }
    co_return answer;
}

asio::awaitable<result<http_answer, no_answer>> connection::exchange() {
    channel_->expires_after(way_.timeout());
    const byte_channel::transfer written = co_await channel_->write(request_);
    if (written.error) {
        co_return tl::unexpected(
            // Without a byte sent it may be repeated. Otherwise nobody knows how much of it the service has.
            no_answer{written.bytes > 0, fmt::format("sending failed ({})", written.error.message())});
    }
    answer_parser parser;
    bool is_full = false;
    while (!parser.is_done()) {
        const byte_channel::transfer read = co_await channel_->read_some(piece_.data(), piece_.size());
        is_full = read.bytes == piece_.size();
        // The end of the stream is an end of the answer where the answer has no length.
        const error_code error = read.error == asio::error::eof ? parser.put_end()
                                 : read.error                   ? read.error
                                                                : parser.put({piece_.data(), read.bytes});
        if (error) {
            co_return tl::unexpected(no_answer{true, fmt::format("no whole answer came ({})", error.message())});
        }
    }
    // On a plain connection a read that did not fill its room took all that was there; under TLS it took one record.
    // What comes later is noticed before the next request.
    if (parser.has_more() || ((is_full || way_.tls() != nullptr) && channel_->has_unread())) {
        co_return tl::unexpected(no_answer{true, "more came than one answer, so that nobody can say which is whose"});
    }
    last_used_ = std::chrono::steady_clock::now();
    if (!parser.keeps_alive()) {
        channel_.reset();
    }
    co_return parser.release();
}

}  // namespace baseload
