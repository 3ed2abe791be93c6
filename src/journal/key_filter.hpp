#pragma once

#include "baseload/core/fingerprint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace baseload {

// A Bloom filter of keys (https://doi.org/10.1145/362686.362692), whose bits of one key lie in one line of the
// processor's cache: 12 bits a key, and once it is full it takes some two in a hundred for added that never were.
class key_filter {
public:
    explicit key_filter(std::size_t keys) : room_(keys), blocks_(keys * bits_a_key / bits_a_block + 1) {}

    [[nodiscard]] bool is_full() const { return added_ >= room_; }

    void add(const fingerprint& key) {
        ++added_;
        block& bits = blocks_[key.high % blocks_.size()];
        for (const std::size_t bit : bits_of(key)) {
            bits[bit / 64] |= std::uint64_t{1} << bit % 64;
        }
    }

    // False: it was surely never added.
    [[nodiscard]] bool may_have(const fingerprint& key) const {
        const block& bits = blocks_[key.high % blocks_.size()];
        for (const std::size_t bit : bits_of(key)) {
            if ((bits[bit / 64] >> bit % 64 & 1U) == 0) {
                return false;
            }
        }
        return true;
    }

private:
    static constexpr std::size_t bits_a_key = 12;
    static constexpr std::size_t bits_a_block = 512;
    using block = std::array<std::uint64_t, bits_a_block / 64>;

    // Of the half that the block is not chosen by; its lower 32 bits are zero (key_hash).
    static std::array<std::size_t, 3> bits_of(const fingerprint& key) {
        return {key.low >> 32U & (bits_a_block - 1), key.low >> 42U & (bits_a_block - 1),
                key.low >> 52U & (bits_a_block - 1)};
    }

    std::size_t room_;
    std::size_t added_ = 0;
    std::vector<block> blocks_;
};

}  // namespace baseload
