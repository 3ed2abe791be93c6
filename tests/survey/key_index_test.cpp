#include "survey/key_index.hpp"

#include "baseload/journal/client_memory.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace baseload;

TEST_CASE("every key keeps its own slot while the table grows") {
    key_index index(0);
    constexpr std::uint32_t keys = 50'000;
    for (std::uint32_t i = 0; i < keys; ++i) {
        key_index::slot& slot = index.at(key_hash(std::to_string(i)));
        REQUIRE(std::uint32_t{slot.ordinal} == key_index::nowhere);
        slot.ordinal = i;
        slot.line = i + 2;
    }
    for (std::uint32_t i = 0; i < keys; ++i) {
        const key_index::slot& slot = index.at(key_hash(std::to_string(i)));
        REQUIRE(std::uint32_t{slot.ordinal} == i);
        REQUIRE(std::uint32_t{slot.line} == i + 2);
    }
}

TEST_CASE("keys that begin alike, and those at the table's end, are told apart") {
    key_index index(4);
    const std::uint64_t last = ~std::uint64_t{0};
    for (std::uint64_t low = 1; low <= 200; ++low) {
        index.at({last, low << 32U}).ordinal = static_cast<std::uint32_t>(low);
    }
    for (std::uint64_t low = 1; low <= 200; ++low) {
        CHECK(std::uint32_t{index.at({last, low << 32U}).ordinal} == low);
    }
}

TEST_CASE("a key costs 28 bytes") {
    CHECK(sizeof(key_index::slot) == 28);
}
