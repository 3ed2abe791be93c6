#include "baseload/core/client.hpp"

#include <doctest/doctest.h>

using namespace baseload;

TEST_CASE("every field of the API is found by its name, and keeps its number") {
    REQUIRE(field_table().size() == 22);
    for (std::size_t i = 0; i < field_table().size(); ++i) {
        const field_traits& field = field_table()[i];
        CHECK(static_cast<std::size_t>(field.code) == i + 1);
        CHECK(find_field(field.name) == field.code);
        CHECK(field_name(field.code) == field.name);
    }
    // Stored in journals for ever.
    CHECK(static_cast<int>(field_code::status_id) == 1);
    CHECK(static_cast<int>(field_code::email) == 6);
    CHECK(static_cast<int>(field_code::delivery_country_code) == 22);
    CHECK_FALSE(find_field("e-mail"));
}

TEST_CASE("extra fields have codes of their own") {
    const field_code code = extra_field(135);
    CHECK(extra_field_id(code) == 135);
    CHECK(field_name(code) == "custom_extra_fields[135]");
    CHECK_FALSE(extra_field_id(field_code::email));
}
