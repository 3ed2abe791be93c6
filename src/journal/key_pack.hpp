#pragma once

#include "baseload/core/fingerprint.hpp"

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// What the directory has of one key.
struct key_row {
    fingerprint key;  // key_hash(): its lower 32 bits are zero
    content_hash record;
    std::int64_t client = 0;  // its crm_client_id, negative when the account does not have it any more; 0: it has none

    friend bool operator==(const key_row&, const key_row&) = default;
};

// The bytes of a key's hash in the journal: its upper 96 bits.
inline constexpr std::size_t key_bytes = 12;
[[nodiscard]] std::string to_key_bytes(const fingerprint& key);
[[nodiscard]] fingerprint key_from_bytes(const void* twelve_bytes);

// Rows as they come: 28 bytes each (hash, record, client).
void append_row(std::string& log, const key_row& row);
[[nodiscard]] std::vector<key_row> rows_of_log(std::string_view log);

// Sorted rows, narrow: one byte says how wide the clients' numbers are, then each row's hash, record and number.
[[nodiscard]] std::string pack_rows(const std::vector<key_row>& rows);
[[nodiscard]] std::vector<key_row> rows_of_pack(std::string_view pack);
// One of them, by binary search, without unpacking the rest.
[[nodiscard]] std::optional<key_row> find_in_pack(std::string_view pack, const fingerprint& key);

// The rows of a pack after changes; both are sorted by key. A change to client 0 takes its row out.
[[nodiscard]] std::vector<key_row> merged_rows(const std::vector<key_row>& rows, const std::vector<key_row>& changes);

// Where packs begin, as SQLite orders numbers: the upper 64 bits of a hash, with the sign turned.
[[nodiscard]] std::int64_t place_of(const fingerprint& key);
inline constexpr std::int64_t first_place = std::numeric_limits<std::int64_t>::min();

}  // namespace baseload
