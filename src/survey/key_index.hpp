#pragma once

#include "baseload/core/fingerprint.hpp"

#include <cstdint>
#include <vector>

namespace baseload {

// Key hash → what its record was when the journal last saw it, and where the source has
// it. An open-addressing table of 28 bytes a key: it is the one thing in memory that grows
// with the file. Keys are compared whole (96 bits, as key_hash() has them); records by 64 bits,
// which is enough for a comparison of two.
class key_index {
public:
    static constexpr std::uint32_t nowhere = 0xFFFF'FFFFU;           // a key not met before
    static constexpr std::uint32_t in_journal_alone = 0xFFFF'FFFEU;  // met in the journal only

    static constexpr std::uint32_t has_client = 1;  // in place of the line, of a key in the journal only

    // Without the gaps that 64-bit members would make: ten million keys are 280 MB, and not 320.
    struct [[gnu::packed, gnu::aligned(4)]] slot {
        std::uint64_t key_high = 0;
        std::uint32_t key_low = 0;
        std::uint64_t record = 0;         // the last known hash
        std::uint32_t ordinal = nowhere;  // of the source's first row with the key, from 0
        std::uint32_t line = 0;           // of that row

        [[nodiscard]] fingerprint key() const {
            return {key_high, std::uint64_t{key_low} << 32U};
        }
        [[nodiscard]] content_hash record_hash() const {
            return {record};
        }
    };

    // `expected`: how many keys there will probably be.
    explicit key_index(std::uint64_t expected);

    // The key is about to be asked for: where it lies comes into the cache meanwhile.
    void expect(const fingerprint& key) const { __builtin_prefetch(&slots_[home_of(key)]); }

    // The key's slot; a new one (ordinal nowhere, record 0) when it has none. The reference
    // lives until the next call.
    slot& at(const fingerprint& key);

    // Null when the key has none.
    [[nodiscard]] const slot* look_up(const fingerprint& key) const;

    template <class Visit>
    void each(Visit&& visit) const {
        for (const slot& s : slots_) {
            if (s.key() != fingerprint{}) {
                visit(s);
            }
        }
    }

private:
    [[nodiscard]] std::size_t home_of(const fingerprint& key) const;
    [[nodiscard]] std::size_t find(const fingerprint& key) const;
    void grow();

    std::vector<slot> slots_;
    std::uint64_t used_ = 0;
};

}  // namespace baseload
