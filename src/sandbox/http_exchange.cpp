#include "http_exchange.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <ctime>
#include <utility>

namespace baseload::sandbox {

namespace http = boost::beast::http;

namespace {

constexpr std::uint64_t max_body = 16ULL * 1024 * 1024;  // a 2 MB file, in base64, percent-encoded
constexpr std::size_t read_size = 65'536;

// A parser of Beast takes one message, so each request has a new one.
using parser_type = http::request_parser<http::string_body>;

// Gives the parser what it can use of the bytes. False when they are no HTTP.
bool feed(parser_type& parser, std::string& pending) {
    std::size_t used = 0;
    boost::system::error_code error;
    while (used < pending.size() && !parser.is_done() && !error) {
        const std::size_t now =
            parser.put(boost::asio::const_buffer(pending.data() + used, pending.size() - used), error);
        // A head that has not ended takes no bytes: more must come first.
        if (now == 0) {
            break;
        }
        used += now;
    }
    // What is left is the beginning of the next request, if the client sends ahead.
    pending.erase(0, used);
    return !error || error == http::error::need_more;
}

http_request request_of(const http::request<http::string_body>& request) {
    const auto text = [](boost::beast::string_view view) { return std::string(view.data(), view.size()); };
    return {.method = text(request.method_string()),
            .target = text(request.target()),
            .token = text(request["X-BLToken"]),
            .content_type = text(request[http::field::content_type]),
            .body = request.body(),
            .keep_alive = request.keep_alive()};
}

}  // namespace

boost::asio::awaitable<std::optional<http_request>> request_reader::next() {
    parser_type parser;
    parser.body_limit(max_body);
    // The body together with the head (Boost.Beast, basic_parser::eager); without this each put() ends after the head.
    parser.eager(true);
    std::array<char, read_size> piece{};
    while (feed(parser, pending_)) {
        if (parser.is_done()) {
            co_return request_of(parser.get());
        }
        const byte_channel::transfer read = co_await channel_.read_some(piece.data(), piece.size());
        // An end between two requests is the usual way for a client to leave.
        if (read.error) {
            break;
        }
        pending_.append(piece.data(), read.bytes);
    }
    co_return std::nullopt;
}

// Written by hand, since some mishaps cut it, repeat it or send it a byte at a time.
std::string reply_head(const http_reply& reply) {
    const boost::beast::string_view reason = http::obsolete_reason(static_cast<http::status>(reply.status));
    return fmt::format("HTTP/1.1 {} {}\r\nServer: baseload sandbox\r\nDate: {:%a, %d %b %Y %H:%M:%S GMT}\r\n"
                       "Content-Type: {}\r\n{}Content-Length: {}\r\n\r\n",
                       reply.status, std::string_view(reason.data(), reason.size()), fmt::gmtime(std::time(nullptr)),
                       reply.content_type, reply.keep_alive ? "" : "Connection: close\r\n", reply.body.size());
}

}  // namespace baseload::sandbox
