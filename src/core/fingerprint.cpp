#include "baseload/core/fingerprint.hpp"

// The algorithm is fixed by the journals that exist: with another one no record would be known again. Compiled in, it
// does not change with the machine's library either.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>

namespace baseload {

fingerprint fingerprint_of(std::string_view bytes, std::uint64_t seed) {
    const XXH128_hash_t hash = XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed);
    return {hash.high64, hash.low64};
}

std::string to_bytes(const fingerprint& f) {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH128_hash_t{f.low, f.high});
    return {reinterpret_cast<const char*>(canonical.digest), sizeof canonical.digest};
}

// Copied, since the bytes may stand at any address. Precondition: there are 16 of them.
fingerprint fingerprint_from_bytes(const void* sixteen_bytes) {
    XXH128_canonical_t canonical;
    std::memcpy(canonical.digest, sixteen_bytes, sizeof canonical.digest);
    const XXH128_hash_t hash = XXH128_hashFromCanonical(&canonical);
    return {hash.high64, hash.low64};
}

}  // namespace baseload
