#include "baseload/core/nearest.hpp"

#include <doctest/doctest.h>

using namespace baseload;

TEST_CASE("the nearest name is found in spite of typing errors and case") {
    const std::vector<std::string> names = {"delimiter", "path", "min_rows"};
    CHECK(nearest("delimeter", names) == "delimiter");
    CHECK(nearest("PATH", names) == "path");
    CHECK(nearest("minrows", names) == "min_rows");
}

TEST_CASE("a name that is near nothing gets no suggestion") {
    CHECK(nearest("zzzzzz", {"delimiter", "path"}).empty());
    CHECK(nearest("x", {"a"}).empty());
    CHECK(did_you_mean("zzzzzz", {"path"}).empty());
    CHECK(did_you_mean("pth", {"path"}) == " (did you mean \"path\"?)");
}
