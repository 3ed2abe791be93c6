#include "baseload/core/endpoint.hpp"

#include <doctest/doctest.h>

using namespace baseload;

TEST_CASE("a URL is taken apart") {
    const auto api = parse_endpoint("https://api.baselinker.com/connector.php");
    REQUIRE(api);
    CHECK(api->tls);
    CHECK(api->host == "api.baselinker.com");
    CHECK(api->port == "443");
    CHECK(api->target == "/connector.php");
    CHECK_FALSE(api->loopback);
}

TEST_CASE("a port, a query and an IPv6 address") {
    const auto api = parse_endpoint("http://[::1]:8080/a?b=c");
    REQUIRE(api);
    CHECK_FALSE(api->tls);
    CHECK(api->host == "::1");
    CHECK(api->port == "8080");
    CHECK(api->target == "/a?b=c");
    CHECK(api->loopback);
}

TEST_CASE("only addresses of this machine count as loopback") {
    for (const char* url : {"http://127.0.0.1/", "http://127.8.9.1/", "http://localhost/", "http://LOCALHOST:1/"}) {
        CAPTURE(url);
        CHECK(parse_endpoint(url)->loopback);
    }
    for (const char* url : {"http://128.0.0.1/", "http://localhost.example/", "http://[::2]/"}) {
        CAPTURE(url);
        CHECK_FALSE(parse_endpoint(url)->loopback);
    }
}

TEST_CASE("what is no URL of an API is a fault that shows one") {
    for (const char* url :
         {"", "api.baselinker.com", "ftp://a/", "https://", "https:///connector.php", "https://user@host/",
          "https://host/#part", "https://ho st/", "http://127.0.0.1.example.com/"}) {
        CAPTURE(url);
        const auto api = parse_endpoint(url);
        REQUIRE_FALSE(api);
        CHECK(api.error().remedy.find("https://api.baselinker.com") != std::string::npos);
    }
}
