#include "baseload/mapping/suggestion.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string_view>
#include <vector>

using namespace baseload;

namespace {

job_suggestion suggestion(const std::vector<std::string>& header,
                          std::initializer_list<std::vector<std::string_view>> rows) {
    column_profiler profiler(header);
    for (const auto& cells : rows) {
        profiler.add({.line = 1, .cells = cells, .raw = {}});
    }
    return suggest_job(profiler.columns());
}

}  // namespace

TEST_CASE("columns are known by the names that exports give them") {
    CHECK(field_by_header("E-mail") == "email");
    CHECK(field_by_header("Adres e-mail") == "email");
    CHECK(field_by_header("KOD POCZTOWY") == "invoice_postcode");
    CHECK(field_by_header("Straße") == "invoice_address");
    CHECK(field_by_header("PLZ") == "invoice_postcode");
    CHECK(field_by_header("Miasto (dostawa)") == "delivery_city");
    CHECK(field_by_header("Shipping City") == "delivery_city");
    CHECK(field_by_header("Faktura - NIP") == "invoice_tax_id");
    // What exports of shops and of ERP programs call things.
    CHECK(field_by_header("OSOBA") == "invoice_fullname");
    CHECK(field_by_header("billing_postcode") == "invoice_postcode");
    CHECK(field_by_header("NAZWA_PELNA") == "invoice_company");
    CHECK(field_by_header("USt-IdNr.") == "invoice_tax_id");
    CHECK(field_by_header("Kdnr.") == "customer number");
    CHECK(field_by_header("Telefon kontaktowy") == "phone");
    CHECK(field_by_header("Kolumna X").empty());
}

TEST_CASE("contents decide where the header does not") {
    const job_suggestion found = suggestion({"A", "B", "C", "D"}, {{"x", "jan@example.pl", "526-104-08-28", "00-950"},
                                                                   {"y", "anna@example.pl", "1132191233", "01-234"}});
    REQUIRE(found.fields.size() == 3);
    CHECK(found.fields[0].field == "email");
    CHECK(found.fields[0].column == "B");
    CHECK(found.fields[1].field == "invoice_postcode");
    CHECK(found.fields[2].field == "invoice_tax_id");
}

TEST_CASE("a code that holds postcodes is no customer's") {
    const job_suggestion found = suggestion({"Kod", "Symbol"}, {{"00-950", "K1"}, {"01-234", "K2"}});
    CHECK(found.key == "Symbol");
    REQUIRE(found.fields.size() == 2);
    CHECK(found.fields[1].field == "invoice_postcode");
}

TEST_CASE("a column that does not hold what its name says is left alone") {
    const job_suggestion found = suggestion({"Kod", "E-mail"}, {{"1", "brak"}, {"2", "nie ma"}});
    REQUIRE(found.fields.size() == 1);
    CHECK(found.fields[0].field == "login");
    CHECK(found.unmapped == std::vector<std::string>{"E-mail"});
}

TEST_CASE("the key is unique and never blank, and rather a number than what people change") {
    CHECK(suggestion({"E-mail", "Kod"}, {{"a@b.pl", "1"}, {"c@d.pl", "2"}}).key == "Kod");
    CHECK(suggestion({"E-mail", "Kod"}, {{"a@b.pl", "1"}, {"c@d.pl", "1"}}).key == "E-mail");
    CHECK(suggestion({"E-mail", "Kod"}, {{"a@b.pl", "1"}, {"c@d.pl", ""}}).key == "E-mail");
    CHECK(suggestion({"E-mail", "Akronim"}, {{"a@b.pl", "K-1"}, {"c@d.pl", "K-2"}}).key == "Akronim");
    CHECK(suggestion({"Kod (ERP)", "E-mail"}, {{"1", "a@b.pl"}, {"2", "c@d.pl"}}).key == "Kod (ERP)");
    // Nor what changes when somebody sorts the rows, or pays.
    CHECK(suggestion({"Lp.", "E-mail"}, {{"1", "a@b.pl"}, {"2", "c@d.pl"}}).key == "E-mail");
    CHECK(suggestion({"Data", "E-mail"}, {{"2024-01-31", "a@b.pl"}, {"2024-02-01", "c@d.pl"}}).key == "E-mail");
    CHECK(suggestion({"Saldo", "E-mail"}, {{"12.50", "a@b.pl"}, {"13.00", "c@d.pl"}}).key == "E-mail");
    const job_suggestion none = suggestion({"Kod"}, {{"1"}, {"1"}});
    CHECK(none.key_reason.find("WARNING: nothing in the file identifies a customer: no column is unique") == 0);
}
