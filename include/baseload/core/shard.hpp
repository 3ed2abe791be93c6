#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace baseload {

// One of so many parts into which the keys of a source fall, for as many programs that run one job at once.
struct shard {
    std::uint32_t number = 1;  // from 1 on
    std::uint32_t of = 1;      // 1: there is only the whole

    [[nodiscard]] bool is_whole() const { return of == 1; }

    // Keys that are equal but for their form (loose_key) are in one shard, so that one program sees both.
    [[nodiscard]] bool has_key(std::string_view key) const { return is_whole() || number_of_key(key) == number; }
    [[nodiscard]] std::uint32_t number_of_key(std::string_view key) const;
    // Of a row whose key cannot be read: by its record.
    [[nodiscard]] std::uint32_t number_of_record(std::string_view raw) const;

    [[nodiscard]] std::string text() const;  // "2/3"

    friend bool operator==(const shard&, const shard&) = default;
};

}  // namespace baseload
