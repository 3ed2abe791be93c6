#include "baseload/api/call.hpp"

#include <doctest/doctest.h>

using namespace baseload;

TEST_CASE("a file is sent by its title and in base64, and left out without its bytes") {
    const client_fields fields = {
        {field_code::login, std::string("K1")},
        {extra_field(107), std::make_shared<const field_file>(field_file{"a.pdf", "/tmp/a.pdf", {}})}};
    const file_bytes files = {{extra_field(107), "\xFB\xFF\xFE?"}};
    CHECK(add_client(std::nullopt, fields, files).parameters ==
          R"({"login":"K1","custom_extra_fields":{"107":{"title":"a.pdf","file":"data:+//+Pw=="}}})");
    CHECK(add_client(std::nullopt, fields).parameters == R"({"login":"K1"})");
}

TEST_CASE("a create has no id, an update has one, and extra fields are an object of their own") {
    const client_fields fields = {{field_code::star, std::int64_t{3}},
                                  {field_code::email, std::string("a@b.pl")},
                                  {extra_field(135), std::string("VIP")}};
    const api_call create = add_client(std::nullopt, fields);
    CHECK(create.kind == call_kind::create);
    CHECK(create.method == "addCrmClient");
    CHECK(create.parameters == R"({"star":3,"email":"a@b.pl","custom_extra_fields":{"135":"VIP"}})");
    const api_call update = add_client(42, {{field_code::phone, std::string("")}});
    CHECK(update.kind == call_kind::update);
    CHECK(update.parameters == R"({"crm_client_id":42,"phone":""})");
}

TEST_CASE("the form encodes everything that could be taken for something else") {
    const api_call call{call_kind::read, "m", "{\"a\":\"x+y&z=%\u017C \\n\"}"};
    CHECK(form_body(call) == "method=m&parameters=%7B%22a%22%3A%22x%2By%26z%3D%25%C5%BC%20%5Cn%22%7D");
}
