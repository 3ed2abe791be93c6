#include "key_index.hpp"

#include <algorithm>
#include <utility>

namespace baseload {
namespace {

// High for linear probing, since memory is what counts here: hashes are spread evenly, and most chains are short.
constexpr double max_load_factor = 0.9;
constexpr fingerprint empty{};  // no key hashes to it: 1 in 2^96 (key_hash)

}  // namespace

key_index::key_index(std::uint64_t expected)
    // Large enough for `expected` keys without growing: growing holds the old and the new table at the same time.
    : slots_(std::max<std::uint64_t>(64, static_cast<std::uint64_t>(static_cast<double>(expected) / max_load_factor) +
                                             1)) {}

key_index::slot& key_index::at(const fingerprint& key) {
    slot* found = &slots_[find(key)];
    if (found->key() == empty) {
        // find() ends at an empty slot, so the table must never be full.
        if (static_cast<double>(used_ + 1) > max_load_factor * static_cast<double>(slots_.size())) {
            grow();
            found = &slots_[find(key)];
        }
        found->key_high = key.high;
        found->key_low = static_cast<std::uint32_t>(key.low >> 32U);
        ++used_;
    }
    return *found;
}

const key_index::slot* key_index::look_up(const fingerprint& key) const {
    const slot& found = slots_[find(key)];
    return found.key() == empty ? nullptr : &found;
}

// By the hash's high bits, in a table of any size: keys that come sorted, as the journal has them, fill it in order.
std::size_t key_index::home_of(const fingerprint& key) const {
    // The upper half of the product is hash * size / 2^64, a number below the size, without a division.
    __extension__ using wide = unsigned __int128;
    return static_cast<std::size_t>((static_cast<wide>(key.high) * slots_.size()) >> 64U);
}

// Linear probing.
std::size_t key_index::find(const fingerprint& key) const {
    const auto low = static_cast<std::uint32_t>(key.low >> 32U);
    std::size_t at = home_of(key);
    for (;;) {
        const slot& s = slots_[at];
        // Members and not key(): the halves are compared as they lie there.
        const bool is_it = s.key_high == key.high && s.key_low == low;
        if (is_it || (s.key_high == 0 && s.key_low == 0)) {
            return at;
        }
        at = at + 1 == slots_.size() ? 0 : at + 1;
    }
}

void key_index::grow() {
    // By half and not to the double: with millions of keys the difference is hundreds of megabytes.
    std::vector<slot> old = std::exchange(slots_, std::vector<slot>(slots_.size() + slots_.size() / 2));
    for (const slot& s : old) {
        if (s.key() != empty) {
            slots_[find(s.key())] = s;
        }
    }
}

}  // namespace baseload
