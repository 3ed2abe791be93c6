#include "baseload/source/dialect.hpp"

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
