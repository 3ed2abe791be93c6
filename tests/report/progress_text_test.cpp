#include "baseload/report/progress_text.hpp"

#include "baseload/core/text.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>
#include <string>

namespace baseload {
namespace {

using namespace std::chrono_literals;

const wall_time noon(std::chrono::hours(24 * 365 + 12));  // 1 January 1971

progress sending() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    progress p{.started = noon, .is_sending = true, .records = 4000};
    p.rows.add(outcome::created, 900);
    p.rows.add(outcome::rejected, 3);
    p.rows.add(outcome::unchanged, 97);
    p.requests_to_go = 600;
    p.requests = 903;
    p.requests_last_minute = 88;
    p.limit = 90;
    p.to_go = 7min;
    return p;
}

}  // namespace

TEST_CASE("what a run under way says of itself") {
    CHECK(progress_text(sending(), noon) == "1,000 of 4,000 rows, 900 created, 3 rejected, done at about 12:07, 88 of "
                                            "90 a minute, 97 unchanged");
    progress p = sending();
    p.to_go = 15h;
    CHECK(progress_text(p, noon).find("done at about Sat 02 Jan 03:00") != std::string::npos);
    p.reduced_limit = 45;
    CHECK(progress_text(p, noon).find("88 of 45 (others use the account too) a minute") != std::string::npos);
    CHECK(progress_text({.started = noon}, noon) == "reading the source");
}

TEST_CASE("while nothing can be sent no end is foretold") {
    progress p = sending();
    p.blocked_until = noon + 6min;
    CHECK(progress_text(p, noon).find(
              "rows, account blocked until 12:06, 6 min 00 s left, 900 created, 3 rejected, 88") != std::string::npos);
    p.blocked_until.reset();
    p.unconnected = true;
    CHECK(progress_text(p, noon).find("no connection: it is tried again") != std::string::npos);
}

TEST_CASE("on a terminal it takes one line, however narrow") {
    for (std::size_t columns = 1; columns < 200; ++columns) {
        for (const bool has_utf8 : {true, false}) {
            const std::string line = progress_line(sending(), noon, columns, has_utf8);
            CHECK(display_width(line) < columns);
            CHECK((has_utf8 || line.find("\xE2") == std::string::npos));
        }
    }
    CHECK(progress_line(sending(), noon, 80, false) ==
          "##........ 1,000 of 4,000 rows, 900 created, 3 rejected, done at about 12:07");
    CHECK(progress_line(sending(), noon, 30, true) == "1,000 of 4,000 rows");
}

}  // namespace baseload
