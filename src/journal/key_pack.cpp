#include "key_pack.hpp"

#include "big_endian.hpp"

#include <endian.h>

#include <algorithm>
#include <cstring>

namespace baseload {
namespace {

constexpr std::size_t record_bytes = 8;
constexpr std::size_t client_bytes = 8;
constexpr std::size_t fixed_bytes = key_bytes + record_bytes;

// Small numbers of either sign become small numbers without one.
// The zigzag form that Protocol Buffers use too. The number of a deleted client is negative: written as it is, it would
// make every row of its pack eight bytes wide.
std::uint64_t without_sign(std::int64_t number) {
    return static_cast<std::uint64_t>(number) << 1U ^ static_cast<std::uint64_t>(number >> 63);
}

std::int64_t with_sign(std::uint64_t number) {
    return static_cast<std::int64_t>(number >> 1U) ^ -static_cast<std::int64_t>(number & 1U);
}

// In bytes, 1 to 8. An id below 2^31 needs four of them: a row of 24 bytes instead of 28.
std::size_t width_of(std::uint64_t largest) {
    std::size_t width = 1;
    while (width < client_bytes && largest >> (8 * width) != 0) {
        ++width;
    }
    return width;
}

// The highest byte first, so that the order of the bytes is that of the hashes.
void append_key(std::string& bytes, const fingerprint& key) {
    append_big_endian(bytes, key.high, 8);
    append_big_endian(bytes, key.low >> 32U, 4);
}

// Precondition: a whole row lies at `at`.
key_row row_at(std::string_view bytes, std::size_t at, std::size_t width) {
    return {key_from_bytes(bytes.data() + at),
            {read_big_endian(bytes, at + key_bytes, record_bytes)},
            with_sign(read_big_endian(bytes, at + fixed_bytes, width))};
}

// Rows of a pack, and the bytes of each; none where the pack is empty.
struct pack_shape {
    std::size_t width = 1;
    std::size_t stride = 0;
    std::size_t rows = 0;
};

pack_shape shape_of(std::string_view pack) {
    if (pack.empty()) {
        return {};
    }
    // Clamped: the byte of a damaged pack must not lead to a read beyond a row.
    const std::size_t width = std::clamp<std::size_t>(static_cast<unsigned char>(pack[0]), 1, client_bytes);
    return {width, fixed_bytes + width, (pack.size() - 1) / (fixed_bytes + width)};
}

}  // namespace

std::string to_key_bytes(const fingerprint& key) {
    std::string bytes;
    append_key(bytes, key);
    return bytes;
}

// Copied, since the address is not aligned: the rows of a pack begin at its second byte.
fingerprint key_from_bytes(const void* twelve_bytes) {
    std::uint64_t high = 0;
    std::uint32_t low = 0;
    std::memcpy(&high, twelve_bytes, sizeof high);
    std::memcpy(&low, static_cast<const char*>(twelve_bytes) + sizeof high, sizeof low);
    return {::be64toh(high), std::uint64_t{::be32toh(low)} << 32U};
}

void append_row(std::string& log, const key_row& row) {
    append_key(log, row.key);
    append_big_endian(log, row.record.bits, record_bytes);
    append_big_endian(log, without_sign(row.client), client_bytes);
}

std::vector<key_row> rows_of_log(std::string_view log) {
    std::vector<key_row> rows;
    // A piece of a row at the end is left out.
    for (std::size_t at = 0; at + fixed_bytes + client_bytes <= log.size(); at += fixed_bytes + client_bytes) {
        rows.push_back(row_at(log, at, client_bytes));
    }
    return rows;
}

// One width for the whole pack: rows of one length are what find_in_pack needs to reach the middle one.
std::string pack_rows(const std::vector<key_row>& rows) {
    std::uint64_t largest = 0;
    for (const key_row& row : rows) {
        largest = std::max(largest, without_sign(row.client));
    }
    const std::size_t width = width_of(largest);
    std::string pack(1, static_cast<char>(width));
    pack.reserve(1 + rows.size() * (fixed_bytes + width));
    for (const key_row& row : rows) {
        append_key(pack, row.key);
        append_big_endian(pack, row.record.bits, record_bytes);
        append_big_endian(pack, without_sign(row.client), width);
    }
    return pack;
}

std::vector<key_row> rows_of_pack(std::string_view pack) {
    const pack_shape shape = shape_of(pack);
    std::vector<key_row> rows;
    rows.reserve(shape.rows);
    for (std::size_t i = 0; i < shape.rows; ++i) {
        rows.push_back(row_at(pack, 1 + i * shape.stride, shape.width));
    }
    return rows;
}

std::optional<key_row> find_in_pack(std::string_view pack, const fingerprint& key) {
    const pack_shape shape = shape_of(pack);
    std::size_t from = 0;
    std::size_t to = shape.rows;
    while (from < to) {
        const std::size_t middle = from + (to - from) / 2;
        const std::size_t at = 1 + middle * shape.stride;
        const fingerprint there = key_from_bytes(pack.data() + at);
        if (there == key) {
            return row_at(pack, at, shape.width);
        }
        // The rows from `from` up to but not including `to` are those that may still hold the key.
        (there < key ? from : to) = there < key ? middle + 1 : middle;
    }
    return std::nullopt;
}

std::vector<key_row> merged_rows(const std::vector<key_row>& rows, const std::vector<key_row>& changes) {
    std::vector<key_row> merged;
    merged.reserve(rows.size() + changes.size());
    auto row = rows.begin();
    for (const key_row& change : changes) {
        while (row != rows.end() && row->key < change.key) {
            merged.push_back(*row++);
        }
        // The change replaces the row, or takes it out where it has no client.
        if (row != rows.end() && row->key == change.key) {
            ++row;
        }
        if (change.client != 0) {
            merged.push_back(change);
        }
    }
    merged.insert(merged.end(), row, rows.end());
    return merged;
}

// SQLite's INTEGER has a sign (https://www.sqlite.org/datatype3.html). With the highest bit turned, numbers with a sign
// are in the order of the hashes, which have none.
std::int64_t place_of(const fingerprint& key) {
    return static_cast<std::int64_t>(key.high ^ (std::uint64_t{1} << 63U));
}

}  // namespace baseload
