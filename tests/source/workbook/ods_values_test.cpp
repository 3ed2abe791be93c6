#include "source/workbook/ods_values.hpp"

#include <doctest/doctest.h>

using namespace baseload;

TEST_CASE("a duration is hours, minutes and seconds") {
    CHECK(clock_time("PT14H30M05S") == "14:30:05");
    CHECK(clock_time("PT26H00M00S") == "26:00:00");
    CHECK(clock_time("P1DT2H") == "26:00:00");
    CHECK(clock_time("-PT1H30M0S") == "-01:30:00");
    CHECK(clock_time("PT0H59M59.9999999S") == "01:00:00");
    CHECK(clock_time("PT0H0M0,4S") == "00:00:00");
}

TEST_CASE("a moment is rounded to seconds, over the end of a day, a month and a year") {
    CHECK(rounded_moment("2024-01-31") == "2024-01-31");
    CHECK(rounded_moment("2024-01-31T14:29:59") == "2024-01-31T14:29:59");
    CHECK(rounded_moment("2024-01-31T14:29:59.4") == "2024-01-31T14:29:59");
    CHECK(rounded_moment("2024-02-28T23:59:59.9999999") == "2024-02-29T00:00:00");
    CHECK(rounded_moment("1899-12-31T23:59:59.5") == "1900-01-01T00:00:00");
    CHECK(rounded_moment("soon.9") == "soon");
}

TEST_CASE("digits in places are told from digits in groups") {
    CHECK(is_in_places("00-950", "950"));
    CHECK(is_in_places("007", "7"));
    CHECK_FALSE(is_in_places("1 234", "1234"));
    CHECK_FALSE(is_in_places("-5", "5"));
    CHECK_FALSE(is_in_places("12,50 zł", "12.5"));
}
