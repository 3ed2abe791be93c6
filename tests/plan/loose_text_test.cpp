#include "baseload/plan/loose_text.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace baseload;

TEST_CASE("a text is known again in the forms in which a service stores it") {
    struct example {
        field_code field;
        const char* shown;
        const char* sent;
        bool equal;
    };
    const example examples[] = {
        {field_code::invoice_company, "O&#39;Brien &amp; Sons", "O'Brien & Sons", true},
        {field_code::invoice_company, "O\\'Brien & Sons", "O'Brien & Sons", true},
        {field_code::invoice_company, "FIRMA  handlowa", "Firma Handlowa", true},
        {field_code::invoice_company, "Firma ?", "Firma \U0001F600", true},
        {field_code::invoice_fullname, "Zaz\u0307o\u0301\u0142c\u0301", "Zażółć", true},
        {field_code::invoice_company, "Jan &amp;amp; Syn", "Jan &amp; Syn", true},  // escaped in the source already
        {field_code::invoice_company, "JAN &AMP; &QUOT;SYN&QUOT;", "Jan &amp; &quot;Syn&quot;", true},
        {field_code::invoice_company, "Jan &lt; Syn", "Jan &gt; Syn", false},
        {field_code::invoice_fullname, "YILDIZ", "Yıldız", true},
        {field_code::invoice_fullname, "Andre\u0301", "Andre\x07\u0301", true},
        {field_code::invoice_fullname, "\U000242EE", "\uFA6C", true},  // NFC's form of it, and what is stored of that
        {field_code::invoice_fullname, "?", "\uFA6C", true},
        {field_code::phone, "12&amp;amp;34", "12&amp;34", true},
        {field_code::invoice_fullname, "Jan Kowalski", "Jan Kowalsky", false},
        {field_code::invoice_fullname, "Jan", "Jan Kowalski", false},
        {field_code::invoice_address, "ulica bardzo dluga numer sto", "ulica bardzo dluga numer stodwadziescia", false},
        {field_code::invoice_postcode, "12345678901234567890", "12345678901234567890123", true},  // cut at its limit
        {field_code::email, "ANNA@example.pl", "anna@example.pl", true},
        {field_code::email, "anna@example.pl.com", "anna@example.pl", false},
        {field_code::phone, "600700800", "+48 600-700-800", true},
        {field_code::phone, "0048600700800", "600 700 800", true},
        {field_code::phone, "600700801", "600700800", false},
        {field_code::phone, "800", "600700800", false},
        {field_code::invoice_tax_id, "5260250995", "PL 526-025-09-95", true},
        {field_code::status_id, "3", "3", true},
        {field_code::status_id, "3", "4", false},
    };
    for (const example& e : examples) {
        CAPTURE(std::string(e.shown));
        CAPTURE(std::string(e.sent));
        CHECK(loosely_equal(e.field, e.shown, e.sent) == e.equal);
    }
}

TEST_CASE("the piece to search by is what no form changes") {
    CHECK(stable_piece(field_code::email, "anna@example.pl") == "anna@example.pl");
    CHECK(stable_piece(field_code::invoice_company, "Müller & Söhne GmbH") == "ller");
    CHECK(stable_piece(field_code::invoice_tax_id, "526-025-09-95") == "5260250995");
    CHECK(stable_piece(field_code::phone, "+48 600 700 800") == "600");
    CHECK(stable_piece(field_code::login, "7") == "7");
    CHECK(stable_piece(field_code::invoice_fullname, "Andre\u0301") == "Andr");  // stored as "André", perhaps
    CHECK(stable_piece(field_code::login, "e\u0301").empty());
    CHECK(stable_piece(field_code::invoice_fullname, "Żó ł").empty());
}

TEST_CASE("of a key no part may be missing") {
    CHECK(loosely_equal_keys(" pl-1", "PL-1"));
    CHECK_FALSE(loosely_equal_keys("PL-WARSZAWA-ODDZIAL-1", "PL-WARSZAWA-ODDZIAL-12"));
    CHECK_FALSE(loosely_equal_keys("600700800", "48600700800"));
}
