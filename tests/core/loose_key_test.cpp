#include "baseload/core/loose_key.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace baseload;

TEST_CASE("keys that differ by form alone are alike, and others are not") {
    for (const char* form : {"1", "01", "0001", "1.0", "1,00", "'1", "=\"001\"", " 1 ", "1\u00a0", "\u200b1"}) {
        CAPTURE(form);
        CHECK(loose_key(form) == loose_key("001"));
    }
    for (const char* form :
         {"k/001-a", "K 001 A", "K001A", "K1A", "\u041a001\u0410", "\u043a001\u0430", "K001\u2013A"}) {
        CAPTURE(form);
        CHECK(loose_key(form) == loose_key("K/001-A"));
    }
    CHECK(loose_key("Z\u0307") == loose_key("\u017b"));
    CHECK(loose_key("5.10") == loose_key("5.1"));
    CHECK(loose_key("5|7.0") == loose_key("5.0|7"));
    CHECK(loose_key("10") != loose_key("1"));
    CHECK(loose_key("1.5") != loose_key("1"));
    CHECK(loose_key("100") != loose_key("1"));
    CHECK(loose_key("K10") != loose_key("K1"));
    CHECK(loose_key("0") == "0");
    CHECK(loose_key("a|b") != loose_key("ab"));
    CHECK(loose_key("Łódź") != loose_key("Wrocław"));
}
