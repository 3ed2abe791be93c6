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

// 16 bytes, high first.
[[nodiscard]] std::string to_bytes(const fingerprint& f);
[[nodiscard]] fingerprint fingerprint_from_bytes(const void* sixteen_bytes);

}  // namespace baseload
