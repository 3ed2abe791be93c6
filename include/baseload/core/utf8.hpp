#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// ICU's walk over UTF-8 (unicode/utf8.h), whose macros stay behind this header.

namespace baseload {

// The character that begins at `at`, which moves behind it; negative when the bytes there
// are no valid UTF-8. Precondition: at < text.size().
[[nodiscard]] std::int32_t next_character(std::string_view text, std::size_t& at);

// The character that ends before `at`, which moves to its beginning. Precondition: at > 0.
[[nodiscard]] std::int32_t previous_character(std::string_view text, std::size_t& at);

// Adds a character, which must be a valid one.
void append_character(std::string& text, std::int32_t character);

// The text with U+FFFD in place of each byte that is no part of valid UTF-8: names of files may be anything.
[[nodiscard]] std::string as_utf8(std::string_view text);

// How many bytes a character has whose first byte is `lead`; 0 when no character begins so.
[[nodiscard]] std::size_t character_bytes(char lead);

}  // namespace baseload
