#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Which encoding a text is written in. Pure: the bytes are handed in.

namespace baseload {

struct encoding_choice {
    std::string name;    // ICU's
    std::string reason;  // for people
    // Others that fit as well and read it otherwise, where nothing but a guess decides: no Polish is among the
    // readings.
    std::vector<std::string> rivals = {};
};

// What the first bytes tell by themselves: a byte order mark, or the NULs of UTF-16.
[[nodiscard]] std::optional<encoding_choice> encoding_by_head(std::string_view head);

// What speaks for UTF-8 in a text, and what against it.
struct utf8_evidence {
    std::size_t characters = 0;  // beyond ASCII, as hardly any bytes of an older encoding form them
    std::size_t broken = 0;      // bytes that are no UTF-8
    // One letter of another script in the midst of a Latin word: SPÓŁKA in windows-1250 is SPӣKA.
    std::size_t odd = 0;

    // Though some of it may be damaged: then the damage is refused, and not sent as other letters.
    [[nodiscard]] bool is_mostly_utf8() const { return broken + odd <= 10 * characters; }
    // Throughout, whatever its letters.
    [[nodiscard]] bool is_surely_utf8() const { return characters > 0 && broken == 0 && odd == 0; }
};

[[nodiscard]] utf8_evidence evidence_of_utf8(std::string_view text);

// The word around the first byte beyond ASCII that two encodings read as different characters, as each reads it.
// Nothing where they read the text alike.
[[nodiscard]] std::optional<std::pair<std::string, std::string>>
differing_word(std::string_view text, const std::string& one, const std::string& other);

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
