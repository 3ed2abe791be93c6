#include "baseload/core/client.hpp"
#include "baseload/core/fingerprint.hpp"

#include <doctest/doctest.h>

using namespace baseload;

TEST_CASE("a fingerprint survives being stored") {
    const fingerprint f = fingerprint_of("Zażółć");
    const std::string bytes = to_bytes(f);
    CHECK(bytes.size() == 16);
    CHECK(fingerprint_from_bytes(bytes.data()) == f);
}

TEST_CASE("fingerprints are XXH3's, so that another program can check them") {
    // The published test vector of XXH3_128bits for no input.
    const fingerprint f = fingerprint_of("");
    CHECK(f.high == 0x99aa06d3014798d8ULL);
    CHECK(f.low == 0x6001c324468d497fULL);
}

TEST_CASE("the seed and the text both count") {
    CHECK(fingerprint_of("a") != fingerprint_of("b"));
    CHECK(fingerprint_of("a", 1) != fingerprint_of("a", 2));
    CHECK(hash_of_value(std::string("5")) == hash_of_value(std::int64_t{5}));
}

TEST_CASE("a file is another by its content or its title, wherever it lies") {
    const auto hash_of = [](field_file file) {
        return hash_of_value(std::make_shared<const field_file>(std::move(file)));
    };
    const content_hash hash = hash_of({"a.pdf", "/x/a.pdf", {1, 2}});
    CHECK(hash == hash_of({"a.pdf", "/y/a.pdf", {1, 2}}));
    CHECK(hash != hash_of({"b.pdf", "/x/a.pdf", {1, 2}}));
    CHECK(hash != hash_of({"a.pdf", "/x/a.pdf", {1, 3}}));
    CHECK(hash != hash_of_value(std::string("a.pdf")));
}
