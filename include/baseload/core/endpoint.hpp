#pragma once

#include "baseload/core/result.hpp"

#include <string>
#include <string_view>

namespace baseload {

// Where the API listens.
struct endpoint {
    bool tls = true;
    std::string host;       // without the brackets of an IPv6 address
    std::string port;       // "443" when the URL names none
    std::string target;     // path and query, at least "/"
    bool loopback = false;  // the host can only be this machine: localhost, 127.0.0.0/8, ::1
};

// Reads an http or https URL (RFC 3986). The fault says what a URL here looks like.
[[nodiscard]] result<endpoint> parse_endpoint(std::string_view url);

}  // namespace baseload
