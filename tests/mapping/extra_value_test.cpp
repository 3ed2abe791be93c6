#include "mapping/extra_value.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace baseload;

namespace {

// What is sent of a cell, or the fault's code in brackets.
std::string sent(editor_type editor, std::string cell, std::vector<std::string> options = {}, std::string form = {}) {
    field_rule rule;
    rule.editor = editor;
    rule.options = std::move(options);
    rule.date_format = std::move(form);
    const auto value = extra_value(rule, std::move(cell));
    return value ? std::get<std::string>(*value) : "[" + code_text(value.error()) + "]";
}

}  // namespace

TEST_CASE("a number has a decimal comma or point, and nothing is guessed") {
    CHECK(sent(editor_type::number, "1 234,50") == "1234.50");
    CHECK(sent(editor_type::number, "1\u00A0234") == "1234");
    CHECK(sent(editor_type::number, "-0.5") == "-0.5");
    CHECK(sent(editor_type::number, "+7") == "7");
    CHECK(sent(editor_type::number, "1,234") == "1.234");  // as spreadsheets hold it
    for (const char* wrong : {"1.234,50", "1,2,3", ",5", "5,", "12 zł", "1e5", "-"}) {
        CAPTURE(wrong);
        CHECK(sent(editor_type::number, wrong) == "[bad_number]");
    }
}

TEST_CASE("an option is found without case and accents where that leaves one") {
    const std::vector<std::string> options = {"Północ", "Południe", "polnoc "};
    CHECK(sent(editor_type::select, "południe", options) == "Południe");
    CHECK(sent(editor_type::radio, "POLUDNIE", options) == "Południe");
    CHECK(sent(editor_type::select, "Północ", options) == "Północ");
    CHECK(sent(editor_type::select, "polnoc", options) == "[not_an_option]");
    CHECK(sent(editor_type::select, "Zachód", options) == "[not_an_option]");
}

TEST_CASE("a checkbox takes yes and no as people write them") {
    for (const char* yes : {"tak", "TAK", "ja", "yes", "1", "x", "X", "TRUE", "prawda"}) {
        CAPTURE(yes);
        CHECK(sent(editor_type::checkbox, yes) == "1");
    }
    for (const char* no : {"nie", "no", "nein", "0", "FAŁSZ"}) {
        CAPTURE(no);
        CHECK(sent(editor_type::checkbox, no) == "0");
    }
    CHECK(sent(editor_type::checkbox, "może") == "[bad_checkbox]");
    CHECK(sent(editor_type::checkbox, "telefon", {"e-mail", "telefon"}) == "telefon");
}

TEST_CASE("a date can be sent as a Unix time") {
    CHECK(sent(editor_type::date, "31.01.2024", {}, "unix") == "1706659200");
    CHECK(sent(editor_type::date, "1969-12-31", {}, "unix") == "-86400");
    CHECK(sent(editor_type::date, "31.02.2024", {}, "unix") == "[bad_date]");
}

TEST_CASE("yes and no in a field of options are the options that say so") {
    CHECK(sent(editor_type::checkbox, "1", {"Nie", "Tak"}) == "Tak");
    CHECK(sent(editor_type::checkbox, "no", {"Nie", "Tak"}) == "Nie");
    CHECK(sent(editor_type::checkbox, "tak", {"Zgoda na e-mail"}) == "Zgoda na e-mail");
    CHECK(sent(editor_type::checkbox, "nie", {"Zgoda na e-mail"}).empty());
    CHECK(sent(editor_type::checkbox, "tak", {"SMS", "E-mail"}) == "[bad_checkbox]");
}

TEST_CASE("a date is ISO's or Europe's, and is written as the account has its dates") {
    CHECK(sent(editor_type::date, "2024-02-29") == "2024-02-29");
    CHECK(sent(editor_type::date, "29.02.2024") == "2024-02-29");
    CHECK(sent(editor_type::date, "1.2.2024") == "2024-02-01");
    CHECK(sent(editor_type::date, "1/2/2024") == "2024-02-01");
    CHECK(sent(editor_type::date, "2024-02-29T13:45:00") == "2024-02-29");
    CHECK(sent(editor_type::date, "2024-02-29 13:45:00") == "2024-02-29");
    CHECK(sent(editor_type::date, "29.02.2024 13:45") == "2024-02-29");
    CHECK(sent(editor_type::date, "2024-02-29", {}, "dd.MM.yyyy") == "29.02.2024");
    for (const char* wrong : {"30.02.2024", "2024-13-01", "29.02.2023", "luty", "29.02.2024 ok", "45351", "1.2.24"}) {
        CAPTURE(wrong);
        CHECK(sent(editor_type::date, wrong) == "[bad_date]");
    }
}
