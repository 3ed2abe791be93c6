#include "baseload/core/utf8.hpp"

#include <unicode/utf8.h>

// The macros cast and narrow as C does.
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"

namespace baseload {

std::int32_t next_character(std::string_view text, std::size_t& at) {
    const char* bytes = text.data() + at;
    // No character is longer (RFC 3629). It also keeps the lengths of texts beyond 2 GiB away from the macros, which
    // count in 32 bits.
    const auto length = static_cast<std::int32_t>(text.size() - at < 4 ? text.size() - at : 4);
    std::int32_t moved = 0;
    UChar32 character = 0;
    // Moves by at least one byte, also over invalid ones: a loop over a text ends.
    U8_NEXT(bytes, moved, length, character);
    at += static_cast<std::size_t>(moved);
    return character;
}

std::int32_t previous_character(std::string_view text, std::size_t& at) {
    const std::size_t begin = at < 4 ? 0 : at - 4;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data() + begin);
    auto moved = static_cast<std::int32_t>(at - begin);
    UChar32 character = 0;
    U8_PREV(bytes, 0, moved, character);
    at = begin + static_cast<std::size_t>(moved);
    return character;
}

void append_character(std::string& text, std::int32_t character) {
    char bytes[U8_MAX_LENGTH];
    std::int32_t length = 0;
    // Does not check: a surrogate or a number above 0x10FFFF would be written as invalid UTF-8.
    U8_APPEND_UNSAFE(bytes, length, character);
    text.append(bytes, static_cast<std::size_t>(length));
}

std::size_t character_bytes(char lead) {
    const auto byte = static_cast<std::uint8_t>(lead);
    if (U8_IS_SINGLE(byte)) {
        return 1;
    }
    // Bytes that lead no character in any valid text (C0, C1, F5 and above) count as none.
    return U8_IS_LEAD(byte) ? static_cast<std::size_t>(U8_COUNT_TRAIL_BYTES_UNSAFE(byte)) + 1 : 0;
}

std::string as_utf8(std::string_view text) {
    constexpr std::int32_t replacement = 0xFFFD;
    std::string valid;
    valid.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::int32_t character = next_character(text, at);
        append_character(valid, character < 0 ? replacement : character);
    }
    return valid;
}

}  // namespace baseload
