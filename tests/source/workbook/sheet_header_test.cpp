#include "source/workbook/sheet_header.hpp"

#include "source/workbook/shared_strings.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>

using namespace baseload;

namespace {

// A cell that begins with '=' is a number or a date.
sheet_row row(std::initializer_list<std::string_view> cells) {
    sheet_row made;
    std::size_t column = 0;
    for (const std::string_view cell : cells) {
        const bool is_text = !cell.starts_with('=');
        made.add(column++, is_text ? cell : cell.substr(1), is_text);
    }
    return made;
}

}  // namespace

TEST_CASE("the header is the row that names the columns in use") {
    CHECK(find_header({row({"Kod", "Nazwa"}), row({"K1", "Jan"})}) == 0);
    CHECK(find_header({row({"Lista klientów"}), row({"Kod", "Nazwa"}), row({"K1", "Jan"})}) == 1);
    CHECK(find_header(
              {row({"Stan na:", "=2026-11-24"}), row({"Kod", "Nazwa", "Miasto"}), row({"K1", "Jan", "Łódź"})}) == 1);
    // A row of groups above the names.
    CHECK(find_header({row({"", "Faktura"}), row({"Kod", "Nazwa", "Miasto"}), row({"K1", "Jan", "Łódź"})}) == 1);
    CHECK(find_header({row({"Kod"}), row({"K1"})}) == 0);
    CHECK(find_header({row({"Kod", "Nazwa", "Uwagi"}), row({"K1", "Jan"}), row({"K2", "Anna"})}) == 0);
}

TEST_CASE("a header that leaves a column unnamed is not passed over for the first customer") {
    CHECK(find_header({row({"Kod", "Nazwa", "Miasto"}), row({"ALFA", "Alfa", "Warszawa", "stały"}),
                       row({"BETA", "Beta", "Łódź", "nowy"})}) == 0);
    CHECK(find_header({row({"", "Nazwa", "E-mail"}), row({"=1", "Jan", "a@b.pl"}), row({"=2", "Ala", "c@d.pl"})}) == 0);
}

TEST_CASE("columns that most rows use are columns, named or not; what stands beside the table now and then is none") {
    CHECK(header_columns({row({"Kod", "Nazwa"}), row({"K1", "Jan", "stały"}), row({"K2", "Ala", "nowy"})}, 0) == 3);
    CHECK(header_columns({row({"Kod", "Nazwa"}), row({"K1", "Jan", "", "uwaga"}), row({"K2", "Ala"})}, 0) == 2);
    CHECK(header_columns({row({"Kod", "Nazwa", "Uwagi"}), row({"K1", "Jan"})}, 0) == 3);
}

TEST_CASE("a number among the names does not make a customer of the header") {
    CHECK(find_header({row({"Kod", "E-mail", "2024", "=1"}), row({"A1", "a@b.pl", "x", "=5"}),
                       row({"A2", "c@d.pl", "x", "=5"})}) == 0);
}

TEST_CASE("the first customer is no header") {
    CHECK_FALSE(find_header({row({"K1", "jan@example.pl"}), row({"K2", "anna@example.pl"})}));
    CHECK_FALSE(find_header({row({"K1", "Jan", "00-950"}), row({"K2", "Anna", "01-234"})}));
    CHECK_FALSE(find_header({row({"=1", "Jan"}), row({"=2", "Anna"})}));
}

TEST_CASE("a header may be called by years, and twice the same") {
    CHECK(find_header({row({"Kod", "=2024", "=2025"}), row({"K1", "=5", "=6"})}) == 0);
    CHECK(find_header({row({"Kod", "Kod"}), row({"K1", "Jan"})}) == 0);
}

TEST_CASE("what Excel escapes in a text is undone, and every line break is one") {
    const auto plain = [](std::string text) {
        unescape_text(text);
        return text;
    };
    CHECK(plain("a_x000D_\nb") == "a\nb");
    CHECK(plain("a\rb\r\nc") == "a\nb\nc");
    CHECK(plain("_x005F_x000D_") == "_x000D_");
    CHECK(plain("a_x00") == "a_x00");
    CHECK(plain("a_xZZZZ_") == "a_xZZZZ_");
    CHECK(plain("_x0105_") == "ą");
    CHECK(plain("_xD83D_") == "?");
}
