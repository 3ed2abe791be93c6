#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Which encoding a text is written in. Pure: the bytes are handed in.

namespace baseload {

struct encoding_choice {
    std::string name;    // ICU's
    std::string reason;  // for people
};

// What the first bytes tell by themselves: a byte order mark, or the NULs of UTF-16.
[[nodiscard]] std::optional<encoding_choice> encoding_by_head(std::string_view head);

// Whether a text is UTF-8, though some of it may be damaged. In the older encodings hardly any
// pair of letters looks like a Latin letter of UTF-8; some look like a letter of another script
// in the midst of a Latin word (SPÓŁKA in windows-1250 is SPӣKA). Rather UTF-8 where both are
// met: then the damage is refused, and not sent as other letters.
[[nodiscard]] bool is_mostly_utf8(std::string_view text);

// How often each byte occurs, and how often beside an ASCII letter: letters of a word are,
// and signs are not. How often behind a small one: there no capital stands.
class byte_statistics {
public:
    void add(std::string_view bytes);

    [[nodiscard]] std::uint64_t count(std::uint8_t byte) const { return all_[byte]; }
    [[nodiscard]] std::uint64_t in_words(std::uint8_t byte) const { return in_words_[byte]; }
    [[nodiscard]] std::uint64_t after_small(std::uint8_t byte) const { return after_small_[byte]; }

private:
    std::array<std::uint64_t, 256> all_{};
    std::array<std::uint64_t, 256> in_words_{};
    std::array<std::uint64_t, 256> after_small_{};
    unsigned char last_ = 0;
};

// windows-1250, windows-1252, ISO-8859-2 or IBM852: the one under which the bytes are letters
// of one language. Polish text decides by ą, ś and ź, whose bytes differ. Where several fit
// equally, the one that makes Polish of them, then the first; the reason names the others.
[[nodiscard]] encoding_choice encoding_by_letters(const byte_statistics& bytes);

// The name that ICU has for an encoding; nothing when it knows none by that name.
[[nodiscard]] std::optional<std::string> known_encoding(const std::string& name);

}  // namespace baseload
