#include "baseload/core/endpoint.hpp"

#include "baseload/core/text.hpp"

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace baseload {
namespace {

tl::unexpected<fault> bad_url(std::string_view url, std::string problem) {
    return failure({.code = fault_code::none,
                    .where = {},
                    .found = std::string(url),
                    .problem = std::move(problem),
                    .remedy = "write it like https://api.baselinker.com/connector.php"});
}

// By RFC 1122 (127.0.0.0/8), RFC 4291 (::1) and RFC 6761 (localhost). No other name is looked up: DNS could lead it
// anywhere, and the token would follow. An IPv4 address in an IPv6 one does not count, which is the safe side.
bool is_loopback(const std::string& host) {
    if (const auto v4 = boost::urls::parse_ipv4_address(host)) {
        return v4->is_loopback();
    }
    if (const auto v6 = boost::urls::parse_ipv6_address(host)) {
        return v6->is_loopback();
    }
    return ascii_lower(host) == "localhost";
}

}  // namespace

result<endpoint> parse_endpoint(std::string_view url) {
    const auto parsed = boost::urls::parse_uri(boost::urls::string_view(url.data(), url.size()));
    if (!parsed) {
        return bad_url(url, "is not a URL");
    }
    // A view of `url`; what is returned below are copies.
    const boost::urls::url_view& view = *parsed;
    // RFC 3986, 3.1: schemes have no case.
    const std::string scheme = ascii_lower(std::string(view.scheme()));
    if (scheme != "https" && scheme != "http") {
        return bad_url(url, "is neither an https nor an http URL");
    }
    if (view.host().empty()) {
        return bad_url(url, "names no host");
    }
    // Neither would reach the service: nothing here sends a user name, and a fragment never leaves (RFC 3986, 3.5).
    if (view.has_userinfo() || view.has_fragment()) {
        return bad_url(url, "has a user name or a fragment, which the API does not take");
    }
    // Boost.URL 1.81 reads 127.0.0.1.example.com as an address with a path behind it.
    if (!view.encoded_path().empty() && view.encoded_path().front() != '/') {
        return bad_url(url, "has a host that is neither a name nor an address");
    }
    endpoint found;
    found.tls = scheme == "https";
    found.host = view.host_address();
    // RFC 3986 allows a colon without a port behind it, which then is the scheme's own.
    found.port = view.has_port() && !view.port().empty() ? std::string(view.port()) : (found.tls ? "443" : "80");
    found.target = std::string(view.encoded_path());
    // A request line needs at least this (RFC 9112, 3.2.1).
    if (found.target.empty()) {
        found.target = "/";
    }
    if (view.has_query()) {
        found.target += "?" + std::string(view.encoded_query());
    }
    found.loopback = is_loopback(found.host);
    return found;
}

}  // namespace baseload
