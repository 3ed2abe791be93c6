#include "sandbox/request_form.hpp"

#include "baseload/api/call.hpp"

#include <doctest/doctest.h>

using namespace baseload;
using namespace baseload::sandbox;

TEST_CASE("what the importer encodes, the service reads back") {
    const api_call call{call_kind::read, "addCrmClient", "{\"a\":\"x+y&z=%ż 😀\\n\"}"};
    const auto form = parse_form(form_body(call));
    REQUIRE(form);
    CHECK(form->method == call.method);
    CHECK(form->parameters == call.parameters);
}

TEST_CASE("a raw plus is a space, as the service reads it") {
    CHECK(parse_form("method=m&parameters=a+b")->parameters == "a b");
    CHECK(parse_form("")->method.empty());
    CHECK_FALSE(parse_form("method=%zz"));
}

TEST_CASE("multipart is read as clients send it") {
    const std::string body = "--x1\r\nContent-Disposition: form-data; name=\"method\"\r\n\r\ngetCrmClients\r\n"
                             "--x1\r\ncontent-disposition: form-data; name=\"parameters\"\r\n\r\n{\"a\":\"\r\n\"}\r\n"
                             "--x1--\r\n";
    const auto form = parse_multipart("multipart/form-data; boundary=x1", body);
    REQUIRE(form);
    CHECK(form->method == "getCrmClients");
    CHECK(form->parameters == "{\"a\":\"\r\n\"}");
    CHECK_FALSE(parse_multipart("multipart/form-data", body));
    CHECK_FALSE(parse_multipart("multipart/form-data; boundary=x2", body));
    CHECK_FALSE(parse_multipart("multipart/form-data; boundary=x1", body.substr(0, 90)));
}

TEST_CASE("texts that are not encoded stand as they are") {
    const auto form = parse_unencoded("token=t&method=addCrmClient&parameters={\"a\":\"50% & more=x\"}");
    REQUIRE(form);
    CHECK(form->token == "t");
    CHECK(form->method == "addCrmClient");
    CHECK(form->parameters == "{\"a\":\"50% & more=x\"}");
    CHECK_FALSE(parse_unencoded("nothing"));
}
