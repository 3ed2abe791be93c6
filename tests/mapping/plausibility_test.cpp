#include "baseload/mapping/plausibility.hpp"

#include "mapping/country_names.hpp"
#include "mapping/excel_damage.hpp"

#include <doctest/doctest.h>

using namespace baseload;

TEST_CASE("a tax id whose check digit or form is wrong is doubted, and what cannot be judged is not") {
    struct id {
        const char* text;
        const char* country;
        bool doubted;
    };
    const id ids[] = {
        {"5261040828", "PL", false},  {"5261040827", "PL", true},   {"526104082", "PL", true},
        {"PL5261040828", "", false},  {"PL5261040827", "", true},   {"pl5261040828", "", false},
        {"5261040827", "", true},     {"5261040828", "", false},    {"526104082", "", false},
        {"brak", "", true},           {"BRAK", "PL", true},         {"-", "DE", true},
        {"5261040827", "DE", false},  {"DE136695976", "", false},   {"DE136695977", "", true},
        {"DE13669597", "", true},     {"IT00743110157", "", false}, {"IT00743110158", "", true},
        {"BE0776091951", "", false},  {"BE0776091952", "", true},   {"SK2022749619", "", false},
        {"SK2022749618", "", true},   {"ATU13585627", "", false},   {"AT13585627", "", true},
        {"FRXX999999999", "", false}, {"US123", "", false},         {"", "PL", false},
        {"NIP5261040828", "", true},  {"VAT 123", "", true},
    };
    for (const id& i : ids) {
        CAPTURE(i.text);
        CHECK(check_tax_id(i.text, i.country).doubt.has_value() == i.doubted);
    }
}

TEST_CASE("a postcode that lost its zeros is doubted") {
    CHECK(check_postcode("950", "PL").doubt);
    CHECK(check_postcode("1067", "DE").doubt);
    CHECK_FALSE(check_postcode("00-950", "PL").doubt);
    CHECK_FALSE(check_postcode("00950", "PL").doubt);
    CHECK_FALSE(check_postcode("1010", "AT").doubt);
    // Without a country by Polish rules, where it looks Polish.
    for (const char* wrong : {"950", "2123", "02-12", "AB-123", "0-950", "00-9500"}) {
        CAPTURE(wrong);
        CHECK(check_postcode(wrong, "").doubt.value_or(implausible_value{}).problem.find("by Polish rules") !=
              std::string::npos);
    }
    for (const char* right :
         {"00-950", "00950", "1000-001", "D-10115", "LV-1010", "SW1A 1AA", "1234 AB", "123 45", ""}) {
        CAPTURE(right);
        CHECK_FALSE(check_postcode(right, "").doubt);
    }
    CHECK(check_postcode("SW1A 1AA", "PL").doubt);
    CHECK_FALSE(check_postcode("02-12", "JP").doubt);
}

TEST_CASE("what no rule speaks of is not judged, and said to be so") {
    CHECK_FALSE(check_tax_id("725180112", "").is_judged);
    CHECK_FALSE(check_postcode("SW1A 1AA", "").is_judged);
    CHECK(check_tax_id("5261040828", "").is_judged);
    CHECK(check_postcode("00-950", "").is_judged);
    CHECK(check_postcode("brak", "").doubt);
}

TEST_CASE("a word for nothing and a guarding apostrophe are doubted, and names are not") {
    for (const char* wrong :
         {"brak", "BRAK", "n/d", "N/A", "nie dotyczy", "-", "---", "?", "'+48600700800", "'=Beta"}) {
        CAPTURE(wrong);
        CHECK(check_text(wrong));
    }
    for (const char* right :
         {"Brak-Bud sp. z o.o.", "Xerox", "'t Hof", "+48600700800", "O'Neill", "X-Kom", "ND Systems", ""}) {
        CAPTURE(right);
        CHECK_FALSE(check_text(right));
    }
}

TEST_CASE("what a spreadsheet spoilt is told, and codes that look like it are not") {
    CHECK(damage_of("4,85E+10")->code == fault_code::excel_damage);
    CHECK(damage_of("5E+10")->code == fault_code::excel_damage);
    CHECK_FALSE(damage_of("E+10"));
    CHECK(damage_of("4.85001234E+10")->code == fault_code::excel_damage);
    CHECK_FALSE(damage_of("12E3"));
    CHECK_FALSE(damage_of("E+10"));
    CHECK_FALSE(damage_of("A4,85E+10"));
    CHECK(damage_of("#REF!")->code == fault_code::cell_error);
    CHECK(damage_of("#ADR!")->code == fault_code::cell_error);
    CHECK(damage_of("#N/A (error)")->code == fault_code::cell_error);
    CHECK_FALSE(damage_of("#N/A"));  // clears the field
    CHECK_FALSE(damage_of("#1"));
}

TEST_CASE("countries are known by their Polish, English and German names") {
    CHECK(country_by_name("Polska") == "PL");
    CHECK(country_by_name("NIEMCY") == "DE");
    CHECK(country_by_name("Österreich") == "AT");
    CHECK(country_by_name("osterreich") == "AT");
    CHECK(country_by_name("Czechia") == "CZ");
    CHECK(country_by_name("Wielka Brytania") == "GB");
    CHECK_FALSE(country_by_name("Atlantyda"));
}
