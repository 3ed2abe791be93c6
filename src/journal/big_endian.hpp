#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace baseload {

static_assert(std::endian::native == std::endian::little, "the bytes are turned round below");

// Numbers in the journal's blobs stand with their highest byte first. Precondition: `width` is 8 at most.
inline void append_big_endian(std::string& bytes, std::uint64_t number, std::size_t width) {
    const std::uint64_t turned = __builtin_bswap64(number);
    bytes.append(reinterpret_cast<const char*>(&turned) + sizeof turned - width, width);
}

// Precondition: there are `width` bytes from `at` on, 8 at most.
inline std::uint64_t read_big_endian(std::string_view bytes, std::size_t at, std::size_t width) {
    std::uint64_t turned = 0;
    std::memcpy(reinterpret_cast<char*>(&turned) + sizeof turned - width, bytes.data() + at, width);
    return __builtin_bswap64(turned);
}

}  // namespace baseload
