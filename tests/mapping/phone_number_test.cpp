#include "mapping/phone_number.hpp"

#include <doctest/doctest.h>

using namespace baseload;

TEST_CASE("a number is written as E.164 has it, and one without a country's code is of the region") {
    CHECK(e164_of("600 700 800", "PL") == "+48600700800");
    CHECK(e164_of("(22) 123-45-67", "PL") == "+48221234567");
    CHECK(e164_of("48600700800", "PL") == "+48600700800");
    CHECK(e164_of("0048 600.700.800", "PL") == "+48600700800");
    CHECK(e164_of("+420 777 123 456", "PL") == "+420777123456");
    CHECK(e164_of("+49 (0)30 123456", "PL") == "+4930123456");
    CHECK(e164_of("030 123456", "DE") == "+4930123456");
    CHECK(e164_of("600\u00A0700\u2011800", "PL") == "+48600700800");
}

TEST_CASE("what is not one whole number is left alone") {
    for (const char* text : {"", "112", "1234567", "0 600 700 800", "22 123 45 67 wew. 12", "600700800/601701801",
                             "600700800, 601701801", "600 700 800 601 701 801", "brak", "600700800;ext=5"}) {
        CAPTURE(text);
        CHECK_FALSE(e164_of(text, "PL"));
    }
}

TEST_CASE("a region is a country that has numbers") {
    CHECK(is_phone_region("PL"));
    CHECK_FALSE(is_phone_region("XX"));
    CHECK_FALSE(is_phone_region("UK"));
}
