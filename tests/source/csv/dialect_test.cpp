#include "baseload/source/csv/dialect.hpp"

#include <doctest/doctest.h>

using namespace baseload;

TEST_CASE("the delimiter is the one that splits every record alike") {
    struct sample {
        const char* text;
        char delimiter;
    };
    const sample samples[] = {
        {"a;b;c\n1;2;3\n", ';'},
        {"a,b\n1,2\n", ','},
        {"a\tb\n1\t2\n", '\t'},
        {"a|b\r\n1|2\r\n", '|'},
        {"kod;cena\nA;1,50\nB;2,75\n", ';'},                     // decimal commas
        {"kod;adres\nA;\"Długa 5; m. 2\"\n", ';'},               // a delimiter in quotes
        {"kod,uwagi\nA,\"linia; 1\nlinia; 2; 3\"\nB,x\n", ','},  // a line break in quotes
        {"kod,uwagi\nA,\"mówi \"\"tak; nie\"\"\"\n", ','},       // doubled quotes
        {"a;b", ';'},                                            // no line end
    };
    for (const sample& s : samples) {
        CAPTURE(s.text);
        const sniffed found = sniff_dialect(s.text);
        REQUIRE(found.found);
        CHECK(found.found->delimiter == s.delimiter);
    }
}

TEST_CASE("backslashes are escapes only where they can be nothing else") {
    for (const char* text : {"a;b\n\"x\\\"y;z\";1\n", "a\tb\n1\t\\N\n"}) {
        CAPTURE(text);
        const sniffed found = sniff_dialect(text);
        REQUIRE(found.found);
        CHECK(found.found->escape == '\\');
    }
    for (const char* text : {"a;b\n\"C:\\dane\\\";1\n", "a;b\nC:\\Nowy;1\n", "a;b\n\"x\\\"\"y\";1\n"}) {
        CAPTURE(text);
        const sniffed found = sniff_dialect(text);
        REQUIRE(found.found);
        CHECK(found.found->escape == '\0');
    }
}

TEST_CASE("two delimiters that fit equally are both named, and none is taken") {
    const sniffed found = sniff_dialect("a;b,c\n1;2,3\n");
    CHECK_FALSE(found.found);
    CHECK(found.equally_good == std::vector<char>{';', ','});
}

TEST_CASE("a file of one column has no delimiter to find") {
    CHECK(sniff_dialect("kod\nA\nB\n").found);
}

TEST_CASE("a record that the sample cuts off does not count") {
    const sniffed found = sniff_dialect("a;b;c\n1;2;3\n4;5");
    REQUIRE(found.found);
    CHECK(found.found->delimiter == ';');
}

TEST_CASE("what stands above the header is skipped") {
    struct sample {
        const char* text;
        std::uint32_t skipped;
        char delimiter;
    };
    const sample samples[] = {
        {"sep=,\na,b\n1,2\n", 1, ','},
        {"sep=;\r\na;b\r\n1;2\r\n", 1, ';'},
        {"# export of today\na;b\n1;2\n", 1, ';'},
        {"# a;b;c;d\n\na;b\n1;2\n", 2, ';'},
        {"Klienci\n\nstan na dziś\nKod;Nazwa;Miasto\n1;2;3\n4;5;6\n", 3, ';'},
        {"Kod;Nazwa\n1;2\n3\n4;5\n", 0, ';'},
        {"#;Nazwa\n1;2\n", 0, ';'},
    };
    for (const sample& s : samples) {
        CAPTURE(s.text);
        const sniffed found = sniff_dialect(s.text);
        REQUIRE(found.found);
        CHECK(found.found->skipped_lines == s.skipped);
        CHECK(found.found->delimiter == s.delimiter);
    }
    CHECK(sniff_dialect("x\na;b\n1;2\n", {.header = {.skipped_lines = 0}}).found->skipped_lines == 0);
    CHECK(sniff_dialect("x;y;z\na;b\n1;2\n", {.header = {.skipped_lines = 1}}).found->skipped_lines == 1);
}

TEST_CASE("single quotes are quotes only where whole cells stand in them") {
    CHECK(sniff_dialect("'a';'b'\n'1;2';'3'\n").found->quote == '\'');
    CHECK(sniff_dialect("a;b\n'tis;O'Brien\n").found->quote == '"');
    CHECK(sniff_dialect("\"a\";'b'\n1;'2'\n").found->quote == '"');
    CHECK(sniff_dialect("'a';'b'\n'1';'2'\n", {.quote = '"'}).found->quote == '"');
}

TEST_CASE("a title that is padded with delimiters stands above the header, a header with blank names is one") {
    struct sample {
        const char* text;
        std::uint32_t skipped_lines;
    };
    const sample samples[] = {
        {"Lista klientów;;\nKod;Nazwa;NIP\n1;Jan;5\n2;Ewa;6\n", 1},
        {"Lista klientów;;\nstan na 1.1.2026;;\nKod;Nazwa;NIP\n1;Jan;5\n2;Ewa;6\n", 2},
        {"\"Lista; klientów\";\"\";\nKod;Nazwa;NIP\n1;Jan;5\n2;Ewa;6\n", 1},
        {"Kod;Nazwa;\n1;Jan;\n2;Ewa;\n", 0},
        {"Kod;\n1;Jan\n2;Ewa\n", 0},
        {";Kod;Nazwa\n0;1;Jan\n1;2;Ewa\n", 0},
        {"# komentarz\nsep=,\nKod,Nazwa\n1,Jan\n", 2},
        {"\"sep=,\"\nKod,Nazwa\n1,Jan\n", 1},
        {"\n# komentarz\n\nsep=\t\nKod\tNazwa\n1\tJan\n", 4},
    };
    for (const sample& s : samples) {
        CAPTURE(s.text);
        const sniffed found = sniff_dialect(s.text);
        REQUIRE(found.found);
        CHECK(found.found->skipped_lines == s.skipped_lines);
        CHECK(found.found->has_header);
    }
}
