#include "key_index.hpp"

#include <algorithm>
#include <utility>

namespace baseload {
namespace {

constexpr double max_load_factor = 0.85;
constexpr fingerprint empty{};  // no key hashes to it: 1 in 2^128

}  // namespace

key_index::key_index(std::uint64_t expected)
    : slots_(std::max<std::uint64_t>(64, static_cast<std::uint64_t>(static_cast<double>(expected) / max_load_factor) +
                                             1)) {}

key_index::slot& key_index::at(const fingerprint& key) {
    slot* found = &slots_[find(key)];
    if (found->key == empty) {
        if (static_cast<double>(used_ + 1) > max_load_factor * static_cast<double>(slots_.size())) {
            grow();
            found = &slots_[find(key)];
        }
        found->key = key;
        ++used_;
    }
    return *found;
}

const key_index::slot* key_index::look_up(const fingerprint& key) const {
    const slot& found = slots_[find(key)];
    return found.key == empty ? nullptr : &found;
}

// Linear probing from the place that the hash's high bits point to, in a table of any size.
std::size_t key_index::find(const fingerprint& key) const {
    __extension__ using wide = unsigned __int128;
    auto at = static_cast<std::uint64_t>((static_cast<wide>(key.high) * slots_.size()) >> 64U);
    while (slots_[at].key != key && slots_[at].key != empty) {
        at = at + 1 == slots_.size() ? 0 : at + 1;
    }
    return at;
}

void key_index::grow() {
    std::vector<slot> old = std::exchange(slots_, std::vector<slot>(slots_.size() + slots_.size() / 2));
    for (const slot& s : old) {
        if (s.key != empty) {
            slots_[find(s.key)] = s;
        }
    }
}

}  // namespace baseload
