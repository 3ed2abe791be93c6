#include "baseload/api/crm_account.hpp"

#include <doctest/doctest.h>

using namespace baseload;

TEST_CASE("statuses are read in every form that the API gives lists, ids and flags") {
    for (
        const char* body :
        {R"({"statuses":[{"id":1,"name":"Nowy","is_primary":1},{"id":"2","name":"Hurt","is_primary":"0"}]})",
         R"({"statuses":{"a":{"id":1,"name":"Nowy","is_primary":true},"b":{"id":2,"name":"Hurt","is_primary":false}}})"}) {
        CAPTURE(body);
        const auto statuses = read_statuses(body);
        REQUIRE(statuses);
        REQUIRE(statuses->size() == 2);
        CHECK((*statuses)[0].name == "Nowy");
        CHECK((*statuses)[0].is_primary);
        CHECK((*statuses)[1].id == 2);
        CHECK_FALSE((*statuses)[1].is_primary);
    }
    CHECK(read_statuses(R"({"statuses":[]})")->empty());
}

TEST_CASE("an answer that is no list is none") {
    for (const char* body : {"", "{}", R"({"statuses":5})", R"({"statuses":null})", "<html>"}) {
        CAPTURE(body);
        CHECK_FALSE(read_statuses(body));
    }
}

TEST_CASE("extra fields have their editor and options") {
    const auto fields = read_extra_field_types(
        R"({"extra_fields":[{"extra_field_id":"103","name":"Region","editor_type":"select","options":["Północ","Południe"]},)"
        R"({"extra_field_id":101,"name":"Segment","editor_type":"text","options":[]}]})");
    REQUIRE(fields);
    REQUIRE(fields->size() == 2);
    CHECK((*fields)[0].id == 103);
    CHECK((*fields)[0].editor == "select");
    CHECK((*fields)[0].options == std::vector<std::string>{"Północ", "Południe"});
    CHECK((*fields)[1].options.empty());
}

TEST_CASE("integrations are found however they are grouped") {
    CHECK(
        *read_integrations(
            R"({"integrations":{"own":[{"connect_integration_id":7}],"joined":{"9":{"connect_integration_id":"9"}}}})") ==
        std::vector<std::int64_t>{7, 9});
    CHECK(read_integrations(R"({"integrations":[]})")->empty());
    const auto contractors = read_contractors(R"({"contractors":[{"connect_contractor_id":201,"name":"Hurtownia"}]})");
    REQUIRE(contractors);
    CHECK((*contractors)[0].name == "Hurtownia");
}
