#include "baseload/plan/client_match.hpp"

#include <doctest/doctest.h>

using namespace baseload;

namespace {

const std::vector<field_code> by_tax_id_and_name = {field_code::invoice_tax_id, field_code::invoice_company};

client_fields row(const std::string& tax_id, const std::string& company) {
    return {{field_code::invoice_tax_id, tax_id}, {field_code::invoice_company, company}};
}

listed_client client(const std::string& tax_id, const std::string& company) {
    return {7, {{field_code::invoice_tax_id, tax_id}, {field_code::invoice_company, company}}};
}

}  // namespace

TEST_CASE("a row and a client match without regard to case, white space, and dashes in numbers") {
    const auto text = match_text(row("5260250995", "ŁÓDŹ Sp. z o.o."), by_tax_id_and_name);
    REQUIRE(text);
    CHECK(text == match_text(client("526-025-09-95", " łódź  sp. z o.o."), by_tax_id_and_name));
    CHECK(text == match_text(client("526 025 09 95", "Łódź Sp. z o.o."), by_tax_id_and_name));
    CHECK(text != match_text(client("5260250995", "Lodz Sp. z o.o."), by_tax_id_and_name));
    CHECK(text != match_text(client("5260250995", "Łódź-Sp. z o.o."), by_tax_id_and_name));
}

TEST_CASE("what stands in one field does not match what stands in another") {
    CHECK(match_text(row("1", "23"), by_tax_id_and_name) != match_text(client("12", "3"), by_tax_id_and_name));
}

TEST_CASE("who lacks one of the fields matches nobody") {
    CHECK_FALSE(match_text(row("", "Firma"), by_tax_id_and_name));
    CHECK_FALSE(match_text(row("--", "Firma"), by_tax_id_and_name));
    CHECK_FALSE(match_text(client("1", "  "), by_tax_id_and_name));
    CHECK_FALSE(match_text(client_fields{{field_code::invoice_tax_id, std::string("1")}}, by_tax_id_and_name));
    CHECK_FALSE(match_text(listed_client{7, {}}, by_tax_id_and_name));
}

TEST_CASE("numbers match as numbers are written") {
    CHECK(match_text(client_fields{{field_code::contractor_id, std::int64_t(42)}}, {field_code::contractor_id}) ==
          match_text(listed_client{7, {{field_code::contractor_id, "42"}}}, {field_code::contractor_id}));
}

TEST_CASE("what a client shows has the fingerprint of the same value when it is sent") {
    const sent_fields shown = shown_fields({7,
                                            {{field_code::star, "3"},
                                             {field_code::invoice_tax_id, "526-025-09-95"},
                                             {field_code::invoice_company, "Firma"}}});
    CHECK(shown.at(field_code::star) == hash_of_value(std::int64_t(3)));
    CHECK(shown.at(field_code::invoice_tax_id) == hash_of_value(std::string("5260250995")));
    CHECK(shown.at(field_code::invoice_company) == hash_of_value(std::string("Firma")));
}

TEST_CASE("a client is known by what was sent, and by its key only where nothing speaks against it") {
    const auto hash = [](const char* text) { return hash_of_value(std::string(text)); };
    const sent_fields sent = {{field_code::login, hash("C002")}, {field_code::email, hash("a@a.pl")}};
    const auto shows = [&](const char* login, const char* email) {
        return shows_what_was_sent({2, {{field_code::login, login}, {field_code::email, email}}}, "C002", sent);
    };
    CHECK(shows("C002", "a@a.pl"));
    CHECK(shows("other", "a@a.pl"));
    CHECK(shows("C002", ""));
    CHECK_FALSE(shows("C002", "b@b.pl"));  // another account that numbers its customers likewise
    CHECK_FALSE(shows("other", "b@b.pl"));
}

TEST_CASE("the values that an undo puts back are those of the fields asked for") {
    const client_fields sent = {{field_code::status_id, std::int64_t(5)},
                                {field_code::invoice_company, std::string("New")},
                                {field_code::email, std::string("new@example.pl")}};
    const client_fields old = shown_values({7, {{field_code::invoice_company, "Old"}, {field_code::phone, "1"}}}, sent);
    REQUIRE(old.size() == 2);  // no status is shown: a client always has one
    CHECK(old[0].code == field_code::invoice_company);
    CHECK(std::get<std::string>(old[0].value) == "Old");
    CHECK(old[1].code == field_code::email);
    CHECK(std::get<std::string>(old[1].value).empty());
}
