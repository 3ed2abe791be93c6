#pragma once

#include "baseload/core/fingerprint.hpp"

#include <cstdint>
#include <vector>

namespace baseload {

// Key hash → what its record was when the journal last saw it, and where the source has
// it. An open-addressing table of 32 bytes a key: it is the one thing in memory that grows
// with the file. Keys are compared whole (128 bits, hashed already); records by 64 bits,
// which is enough for a comparison of two.
class key_index {
public:
    static constexpr std::uint32_t nowhere = 0xFFFF'FFFFU;           // a key not met before
    static constexpr std::uint32_t in_journal_alone = 0xFFFF'FFFEU;  // met in the journal only

    static constexpr std::uint32_t has_client = 1;  // in place of the line, of a key in the journal only

    struct slot {
        fingerprint key;
        std::uint64_t record_hash = 0;    // record_bits() of the last known record
        std::uint32_t ordinal = nowhere;  // of the source's first row with the key, from 0
        std::uint32_t line = 0;           // of that row
    };

    // `expected`: how many keys there will probably be.
    explicit key_index(std::uint64_t expected);

    // The key's slot; a new one (ordinal nowhere, record_hash 0) when it has none. The reference
    // lives until the next call.
    slot& at(const fingerprint& key);

    // Null when the key has none.
    [[nodiscard]] const slot* look_up(const fingerprint& key) const;

    template <class Visit>
    void each(Visit&& visit) const {
        for (const slot& s : slots_) {
            if (s.key != fingerprint{}) {
                visit(s);
            }
        }
    }

    [[nodiscard]] static std::uint64_t record_bits(content_hash record) { return record.bits; }

private:
    [[nodiscard]] std::size_t find(const fingerprint& key) const;
    void grow();

    std::vector<slot> slots_;
    std::uint64_t used_ = 0;
};

}  // namespace baseload
