#include "source/workbook/number_format.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace baseload;

namespace {

std::string shown(double value, const char* code, bool since_1904 = false) {
    return shown_number(value, parse_number_format(code), since_1904);
}

}  // namespace

TEST_CASE("a number is digits, without an exponent and without noise") {
    CHECK(plain_number(0.1 + 0.2) == "0.3");
    CHECK(plain_number(48500123456.0) == "48500123456");
    CHECK(plain_number(123456789012345.0) == "123456789012345");
    CHECK(plain_number(4.85e20) == "485000000000000000000");
    CHECK(plain_number(1e-7) == "0.0000001");
    CHECK(plain_number(-1234.5) == "-1234.5");
    CHECK(plain_number(-0.0) == "0");
    CHECK(plain_number(0.999999999999999999) == "1");
    CHECK(plain_number(1e308).size() == 309);
}

TEST_CASE("what a format's letters mean is not mistaken") {
    struct format {
        const char* code;
        number_kind kind;
    };
    const format formats[] = {
        {"General", number_kind::plain},
        {"@", number_kind::plain},
        {"GENERAL", number_kind::plain},
        {"Standard", number_kind::plain},  // has a d, as days have
        {"[Red]Standard", number_kind::plain},
        {"# ##/##", number_kind::plain},  // a fraction
        {"000/000", number_kind::plain},
        {"000\\/000", number_kind::mask},
        {"0.00", number_kind::plain},
        {"#,##0.00 \"zł\"", number_kind::plain},
        {"[Red]0.00", number_kind::plain},
        {"[$-415]#,##0.00\\ [$zł-415]", number_kind::plain},
        {"0\" dni\"", number_kind::plain},  // d and n in quotes
        {"0\\d", number_kind::plain},
        {"0 szt", number_kind::plain},  // as a program writes it; a date has no places for digits
        {"0 d", number_kind::plain},
        {"#,##0.00 USD", number_kind::plain},
        {"\\x Standard", number_kind::plain},
        {"yyyy-mm-dd hh:mm:ss.000", number_kind::date_time},
        {"[mm]:ss.0", number_kind::elapsed},
        {"yyyy-mm-dd hh:mm:ss\\.000", number_kind::date_time},
        {"[ss].00", number_kind::elapsed},
        {"# ##0", number_kind::plain},
        {"0.00E+00", number_kind::plain},
        {"dd.mm.yyyy", number_kind::date},
        {"[$-415]d mmmm yyyy;@", number_kind::date},
        {"mmm", number_kind::date},
        {"yyyy-mm-dd hh:mm:ss", number_kind::date_time},
        {"m/d/yy h:mm AM/PM", number_kind::date_time},
        {"h:mm", number_kind::time},
        {"[h]:mm:ss", number_kind::elapsed},
        {"[Red][<0]0%", number_kind::percent},
        {"00-000", number_kind::mask},
        {"00\\-000", number_kind::mask},
        {"000\\-000\\-00\\-00", number_kind::mask},
        {"00000", number_kind::mask},
        {"###-###-###", number_kind::mask},
        {"[<=9999999]###\\-####;\\(###\\)\\ ###\\-####", number_kind::plain},
    };
    for (const format& f : formats) {
        CAPTURE(f.code);
        CHECK(parse_number_format(f.code).kind == f.kind);
    }
    CHECK(builtin_number_format(14).kind == number_kind::date);
    CHECK(builtin_number_format(22).kind == number_kind::date_time);
    CHECK(builtin_number_format(46).kind == number_kind::elapsed);
    CHECK(builtin_number_format(10).kind == number_kind::percent);
    CHECK(builtin_number_format(4).kind == number_kind::plain);
    CHECK(builtin_number_format(99'999).kind == number_kind::plain);
}

TEST_CASE("days are counted as each workbook counts them") {
    CHECK(shown(45351, "dd.mm.yyyy") == "2024-02-29");
    CHECK(shown(43889, "dd.mm.yyyy", true) == "2024-02-29");
    CHECK(shown(45351.5, "dd.mm.yyyy hh:mm") == "2024-02-29T12:00:00");
    CHECK(shown(45351.999999, "dd.mm.yyyy hh:mm") == "2024-03-01T00:00:00");  // half a second is rounded
    CHECK(shown(1, "dd.mm.yyyy") == "1900-01-01");
    CHECK(shown(59, "dd.mm.yyyy") == "1900-02-28");
    CHECK(shown(60, "dd.mm.yyyy") == "1900-02-29");  // which Excel believes in
    CHECK(shown(61, "dd.mm.yyyy") == "1900-03-01");
    CHECK(shown(0.75, "h:mm") == "18:00:00");
    CHECK(shown(1.5, "[h]:mm") == "36:00:00");
    CHECK(shown(-1, "dd.mm.yyyy") == "-1");
    CHECK(shown(3e6, "dd.mm.yyyy") == "3000000");
}

TEST_CASE("digits stand in the places that a format gives them") {
    CHECK(shown(950, "00-000") == "00-950");
    CHECK(shown(5261040828.0, "000\\-000\\-00\\-00") == "526-104-08-28");
    CHECK(shown(600100200, "###-###-###") == "600-100-200");
    CHECK(shown(7, "00000") == "00007");
    CHECK(shown(1234567, "00-000") == "1234-567");  // what is left over stands before the first place
    CHECK(shown(9.5, "00-000") == "9.5");
    CHECK(shown(7771234567.0, "\"+420 \"000000000") == "+420 7771234567");  // the 0 in quotes is no place
    CHECK(shown(12345, "\"10-\"0000") == "10-12345");
    CHECK(shown(12345, "\\0\\-000") == "0-12345");
    CHECK(shown(5.25, "# ##/##") == "5.25");
    CHECK(shown(0.125, "0.0%") == "12.5%");
}
