#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Text is UTF-8 throughout, and valid: the source room lets nothing else in.
// Lengths are code points, as the API's varchar limits count them (src/api/README.md).

namespace baseload {

// An ASCII digit, whatever the locale.
[[nodiscard]] constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// At least one, and nothing else.
[[nodiscard]] bool all_digits(std::string_view text);

[[nodiscard]] std::size_t code_points(std::string_view text);

// How many columns of a terminal the text takes: two for wide characters, none for marks.
[[nodiscard]] std::size_t display_width(std::string_view text);

// The longest head of `text` with at most `limit` code points (bytes, for the second):
// never cuts a character in two.
[[nodiscard]] std::string_view head_code_points(std::string_view text, std::size_t limit);
[[nodiscard]] std::string_view head_bytes(std::string_view text, std::size_t limit);

// Without the white space (no-break and zero-width characters too) at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

// The form in which keys are compared and kept: Unicode's NFC, without the white space at both ends.
[[nodiscard]] std::string normalised_key(std::string_view text);

// Replaces each character outside the Basic Multilingual Plane by `?`, which is what
// the service stores for it (src/api/README.md), and returns how many there were.
std::size_t replace_beyond_bmp(std::string& text);

// Without any white space and dashes, which is how the service keeps tax ids (src/api/README.md).
[[nodiscard]] std::string without_spaces_and_dashes(std::string_view text);

// Equal for texts that differ only by case or white space.
[[nodiscard]] std::string folded(std::string_view text);

// Without case and the forms of compatibility: Unicode's NFKC_Casefold.
[[nodiscard]] std::string case_folded(std::string_view text);

// Equal for texts that differ only by case, white space or diacritics: "ŁÓDŹ", "lodz".
[[nodiscard]] std::string plain_folded(std::string_view text);

// ASCII letters only; other characters stay.
[[nodiscard]] std::string ascii_upper(std::string_view text);
[[nodiscard]] std::string ascii_lower(std::string_view text);

// The text as it may be shown on a terminal, on one line: control characters (C0, C1), line breaks and what turns the
// direction of writing are escaped. For whatever others wrote: cells, keys, file names, the service's words.
[[nodiscard]] std::string shown(std::string_view text);

// The same for texts of several lines: line breaks and tabs stay.
[[nodiscard]] std::string shown_lines(std::string_view text);

// A JSON text in which such characters are escaped as JSON escapes them; line ends stay.
[[nodiscard]] std::string json_fit_to_show(std::string_view json);

// The text in double quotes on one line: shown(), and cut when it is long.
[[nodiscard]] std::string in_quotes(std::string_view text);

// Without the secret: each run of at least 12 characters of it (all of it, if it is shorter) becomes "[token]".
[[nodiscard]] std::string redacted(std::string_view text, std::string_view secret);

// The text as one word of a shell command line.
[[nodiscard]] std::string shell_word(std::string_view text);

// "12", "1,234", "50,000": for people.
[[nodiscard]] std::string grouped(std::uint64_t number);

// "20%" as 0.2, from 0 to 1; nothing for what is no share.
[[nodiscard]] std::optional<double> parse_share(std::string_view text);

// "1 row", "2 rows".
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view noun);

// "a, b and c"
[[nodiscard]] std::string listed(const std::vector<std::string>& items);

}  // namespace baseload
