#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace baseload {

// Numbers in the journal's blobs stand with their highest byte first.
inline void append_big_endian(std::string& bytes, std::uint64_t number, std::size_t width) {
    for (std::size_t i = width; i-- > 0;) {
        bytes += static_cast<char>((number >> (8 * i)) & 0xFFU);
    }
}

// Precondition: there are `width` bytes from `at` on.
inline std::uint64_t read_big_endian(std::string_view bytes, std::size_t at, std::size_t width) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < width; ++i) {
        number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
    }
    return number;
}

}  // namespace baseload
