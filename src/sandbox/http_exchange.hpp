#pragma once

#include "baseload/api/byte_channel.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace baseload::sandbox {

// What the service looks at of an HTTP request.
struct http_request {
    std::string method;
    std::string target;
    std::string token;  // X-BLToken
    std::string content_type;
    std::string body;
    bool keep_alive = false;
};

// Reads one request after the other from a channel, which must outlive it. A body has 16 MiB at most.
class request_reader {
public:
    explicit request_reader(byte_channel& channel) : channel_(channel) {}

    // Nothing when the connection has ended, or what came is no HTTP.
    [[nodiscard]] boost::asio::awaitable<std::optional<http_request>> next();

private:
    byte_channel& channel_;
    std::string pending_;  // read, and not used yet
};

struct http_reply {
    unsigned status = 200;
    std::string content_type;
    bool keep_alive = true;
    std::string body;
};

// The reply's head, as it stands before its body.
[[nodiscard]] std::string reply_head(const http_reply& reply);

}  // namespace baseload::sandbox
