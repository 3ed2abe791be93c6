#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace baseload {

// A 128-bit XXH3 hash in its canonical (big-endian) reading: stable across machines,
// so that it can be stored.
struct fingerprint {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    friend auto operator<=>(const fingerprint&, const fingerprint&) = default;
};

[[nodiscard]] fingerprint fingerprint_of(std::string_view bytes, std::uint64_t seed = 0);

// 64 bits of a fingerprint, by which a value is told from the one that was there before. Where two values share one,
// the change between them is not seen: an update is not sent until the value changes again. That is one comparison in
// 2^64: over ten million rows of twenty fields that all change every night for ten years, one chance in 25 million.
// Zero is the hash of what is not known.
struct content_hash {
    std::uint64_t bits = 0;

    friend auto operator<=>(const content_hash&, const content_hash&) = default;
};

[[nodiscard]] inline content_hash content_hash_of(std::string_view bytes, std::uint64_t seed = 0) {
    return {fingerprint_of(bytes, seed).low};
}

// 16 bytes, high first.
[[nodiscard]] std::string to_bytes(const fingerprint& f);
[[nodiscard]] fingerprint fingerprint_from_bytes(const void* sixteen_bytes);

}  // namespace baseload
