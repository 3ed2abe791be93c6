#include "baseload/api/crm_clients.hpp"

#include <doctest/doctest.h>

using namespace baseload;

TEST_CASE("a list of clients is read in every form in which the service may give it") {
    for (const char* body :
         {R"({"status":"SUCCESS","clients":[{"crm_client_id":7,"email":"a@b.pl","star":3,"phone":null}]})",
          R"({"status":"SUCCESS","clients":[{"crm_client_id":"7","email":"a@b.pl","star":"3","phone":""}]})",
          R"({"status":"SUCCESS","clients":{"7":{"crm_client_id":7,"email":"a@b.pl","star":3,"phone":""}}})"}) {
        CAPTURE(body);
        const auto clients = read_client_list(body);
        REQUIRE(clients);
        REQUIRE(clients->size() == 1);
        CHECK(clients->front().crm_client_id == 7);
        CHECK(clients->front().fields == std::map<field_code, std::string>{{field_code::email, "a@b.pl"},
                                                                           {field_code::star, "3"},
                                                                           {field_code::phone, ""}});
    }
    CHECK(read_client_list(R"({"status":"SUCCESS","clients":[]})")->empty());
    CHECK(read_client_list(R"({"status":"SUCCESS","clients":{}})")->empty());
}

TEST_CASE("what is no list of clients is not taken for an empty one") {
    for (const char* body : {"", "[]", "{}", R"({"clients":7})", R"({"clients":[7]})", R"({"clients":[{"email":"a"}]})",
                             R"({"clients":[{"crm_client_id":"x"}]})"}) {
        CAPTURE(body);
        CHECK_FALSE(read_client_list(body));
    }
}

TEST_CASE("a client's data has its notes and extra fields, and an empty map may be a list") {
    const auto client = read_client_data(
        R"({"status":"SUCCESS","crm_client_id":"7","notes":"n","custom_extra_fields":{"101":"x","102":5,"x":"y"}})", 7);
    REQUIRE(client);
    CHECK(client->fields == std::map<field_code, std::string>{
                                {field_code::notes, "n"}, {extra_field(101), "x"}, {extra_field(102), "5"}});
    CHECK(read_client_data(R"({"status":"SUCCESS","notes":"n","custom_extra_fields":[]})", 7)->fields.size() == 1);
    CHECK_FALSE(read_client_data(R"({"status":"SUCCESS"})", 7));
}

TEST_CASE("what a create sent can be read back") {
    const client_fields fields = {{field_code::star, std::int64_t{5}},
                                  {field_code::email, std::string("a+b@c.pl")},
                                  {field_code::notes, std::string("line\n\"two\"")},
                                  {extra_field(101), std::string("ą")}};
    const auto again = read_client_fields(add_client(std::nullopt, fields).parameters);
    REQUIRE(again);
    REQUIRE(again->size() == fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        CHECK((*again)[i].code == fields[i].code);
        CHECK((*again)[i].value == fields[i].value);
    }
    CHECK_FALSE(read_client_fields("{"));
    CHECK_FALSE(read_client_fields(R"({"unknown":1})"));
}

TEST_CASE("calls that read and delete say what they are") {
    CHECK(list_clients(client_search{field_code::email, "a@b.pl"}, 2).parameters ==
          R"({"page":2,"filter_email":"a@b.pl"})");
    CHECK(list_clients(std::nullopt, 1).parameters == R"({"page":1})");
    CHECK(list_client(7).parameters == R"({"page":1,"filter_crm_client_id":7})");
    CHECK(client_data(7).parameters == R"({"crm_client_id":7,"include_custom_extra_fields":true})");
    CHECK(delete_client(7).method == "deleteCrmClient");
    CHECK(delete_client(7).kind == call_kind::update);
}
