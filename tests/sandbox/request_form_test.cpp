#include "sandbox/request_form.hpp"

#include "baseload/api/call.hpp"

#include <doctest/doctest.h>

using namespace baseload;
using baseload::sandbox::parse_form;

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
