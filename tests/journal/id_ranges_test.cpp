#include "journal/id_ranges.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <set>

using namespace baseload;

TEST_CASE("ranges hold what was added to them, in any order") {
    std::mt19937 chance(5);
    id_ranges ranges;
    std::set<std::int64_t> added;
    for (int i = 0; i < 2000; ++i) {
        const auto id = static_cast<std::int64_t>(chance() % 3000);
        ranges.add(id);
        added.insert(id);
    }
    for (std::int64_t id = -1; id <= 3000; ++id) {
        CHECK(ranges.contains(id) == (added.count(id) > 0));
    }
}
