#include "baseload/mapping/validation.hpp"

#include "baseload/core/field_table.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace baseload;

namespace {

std::string text_of(const result<field_value>& value) {
    REQUIRE(value);
    return std::get<std::string>(*value);
}

std::string code_of_fault(const result<field_value>& value) {
    REQUIRE_FALSE(value);
    CHECK_FALSE(value.error().remedy.empty());
    return code_text(value.error());
}

result<field_value> check(field_code code, const std::string& text) {
    return validated(code, text, overflow_policy::reject);
}

std::string of_characters(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += "ż";
    }
    return text;
}

}  // namespace

TEST_CASE("every text field takes its limit in characters, and not one more") {
    for (const std::string& name : all_field_names()) {
        const field_code code = *find_field(name);
        const field_traits& type = traits_of(code);
        if (type.kind != field_kind::text) {
            continue;
        }
        CAPTURE(name);
        CHECK(text_of(check(code, of_characters(type.limit))) == of_characters(type.limit));
        CHECK(code_of_fault(check(code, of_characters(type.limit + 1))) == "too_long");
        CHECK(text_of(validated(code, of_characters(type.limit + 1), overflow_policy::truncate)) ==
              of_characters(type.limit));
    }
}

TEST_CASE("notes are limited in bytes and cut between characters") {
    CHECK(text_of(check(field_code::notes, std::string(65'535, 'x'))).size() == 65'535);
    CHECK(code_of_fault(check(field_code::notes, std::string(65'536, 'x'))) == "too_long");
    const std::string cut = text_of(validated(field_code::notes, of_characters(40'000), overflow_policy::truncate));
    CHECK(cut == of_characters(32'767));
}

TEST_CASE("stars are 0 to 5, references are numbers above 0") {
    CHECK(std::get<std::int64_t>(*check(field_code::star, "0")) == 0);
    CHECK(std::get<std::int64_t>(*check(field_code::star, "5")) == 5);
    for (const char* wrong : {"6", "-1", "", "1.5", "five", "1 "}) {
        CAPTURE(wrong);
        CHECK(code_of_fault(check(field_code::star, wrong)) == "bad_number");
    }
    CHECK(std::get<std::int64_t>(*check(field_code::status_id, "12345")) == 12345);
    CHECK(code_of_fault(check(field_code::status_id, "0")) == "bad_number");
    CHECK(code_of_fault(check(field_code::contractor_id, "99999999999")) == "bad_number");
}

TEST_CASE("countries are ISO 3166-1 codes of two letters, in capitals as stored") {
    CHECK(text_of(check(field_code::invoice_country_code, "PL")) == "PL");
    CHECK(text_of(check(field_code::delivery_country_code, "de")) == "DE");
    for (const char* wrong : {"Polska", "XX", "P", "PLN", "UK"}) {
        CAPTURE(wrong);
        CHECK(code_of_fault(check(field_code::invoice_country_code, wrong)) == "bad_country");
    }
}

TEST_CASE("an e-mail address has one @, a name before it and a domain behind it") {
    for (const char* right :
         {"jan@example.pl", "jan.kowalski+sklep@poczta.example.com.pl", "żółw@example.pl", "a@b.co"}) {
        CAPTURE(right);
        CHECK(text_of(check(field_code::email, right)) == right);
    }
    for (const char* wrong :
         {"jan", "@example.pl", "jan@", "jan@example", "jan@@example.pl", "jan@ex ample.pl", "jan@.pl", "jan@example.",
          "jan@a..pl", "a@b.pl, c@d.pl", "a@b.pl;c@d.pl", "<jan@example.pl>", "a\nb@c.pl"}) {
        CAPTURE(wrong);
        CHECK(code_of_fault(check(field_code::email, wrong)) == "bad_email");
    }
    // Half an address would reach a stranger.
    const std::string long_address = std::string(220, 'x') + "@example.pl";
    CHECK(code_of_fault(validated(field_code::email, long_address, overflow_policy::truncate)) == "too_long");
}

TEST_CASE("tax ids are stored as the service stores them: without spaces and dashes") {
    CHECK(text_of(check(field_code::invoice_tax_id, "PL 526-104-08-28")) == "PL5261040828");
    CHECK(text_of(check(field_code::invoice_tax_id, "526\u00A010\u201340828")) == "5261040828");
    CHECK(text_of(check(field_code::invoice_tax_id, "0012345678")) == "0012345678");
    CHECK(code_of_fault(check(field_code::invoice_tax_id, "---")) == "bad_tax_id");
    CHECK(code_of_fault(check(field_code::invoice_tax_id, std::string(51, '1'))) == "too_long");
}

TEST_CASE("what clearing sends depends on the field") {
    CHECK(text_of(cleared(field_code::phone)).empty());
    CHECK(std::get<std::int64_t>(*cleared(field_code::star)) == 0);
    CHECK(code_of_fault(cleared(field_code::status_id)) == "bad_number");
}
