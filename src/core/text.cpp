#include "baseload/core/text.hpp"

#include "baseload/core/utf8.hpp"

#include <fmt/format.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <stdexcept>

namespace baseload {
namespace {

// Code points: enough to know a cell by, and a message stays on one or two lines.
constexpr std::size_t max_quotation = 60;

// Zero-width characters that Unicode does not count as white space, and the BOM.
bool is_trimmed(std::int32_t character) {
    return u_isUWhiteSpace(character) != 0 || character == 0x200B || character == 0x200C || character == 0x200D ||
           character == 0x2060 || character == 0xFEFF;
}

// Not trimmed for certain. Nearly all cells begin and end so, and then ICU is not asked.
bool is_plain_ascii(char c) {
    return c > ' ' && c < 0x7F;
}

}  // namespace

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// All bytes but those that continue a character (10xxxxxx, RFC 3629). Precondition: valid UTF-8.
std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::int32_t c = next_character(text, at);
        const bool is_mark =
            u_charType(c) == U_NON_SPACING_MARK || u_charType(c) == U_ENCLOSING_MARK || u_charType(c) == U_FORMAT_CHAR;
        // UAX #11. Characters of ambiguous width count as narrow, which they are outside East Asian settings.
        const auto east_asian = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
        width += is_mark ? 0 : east_asian == U_EA_WIDE || east_asian == U_EA_FULLWIDTH ? 2 : 1;
    }
    return width;
}

std::string_view head_code_points(std::string_view text, std::size_t limit) {
    std::size_t end = 0;
    for (std::size_t taken = 0; taken < limit && end < text.size(); ++taken) {
        static_cast<void>(next_character(text, end));
    }
    return text.substr(0, end);
}

std::string_view head_bytes(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) {
        return text;
    }
    // Back to the first byte of the character that the limit would cut.
    std::size_t end = limit;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return text.substr(0, end);
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && !is_plain_ascii(text.front())) {
        std::size_t next = 0;
        // Bytes that are no UTF-8 give -1 here, which is no white space, and so they stay.
        if (!is_trimmed(next_character(text, next))) {
            break;
        }
        text.remove_prefix(next);
    }
    while (!text.empty() && !is_plain_ascii(text.back())) {
        std::size_t previous = text.size();
        if (!is_trimmed(previous_character(text, previous))) {
            break;
        }
        text = text.substr(0, previous);
    }
    return text;
}

// Journals keep their keys in this form: another one needs a migration (journal/schema.cpp has one from before NFC).
std::string normalised_key(std::string_view text) {
    const std::string_view inner = trimmed(text);
    const bool is_ascii =
        std::all_of(inner.begin(), inner.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80U; });
    // ASCII is NFC as it stands, and most keys are ASCII: no conversion for them.
    if (is_ascii) {
        return std::string(inner);
    }
    UErrorCode status = U_ZERO_ERROR;
    // ICU owns the instance, and shares it among threads.
    const icu::Normalizer2* composing = icu::Normalizer2::getNFCInstance(status);
    if (U_FAILURE(status)) {
        throw std::runtime_error("ICU has no normalisation data");
    }
    std::string composed;
    composing->normalize(icu::UnicodeString::fromUTF8(inner), status).toUTF8String(composed);
    return composed;
}

std::size_t replace_beyond_bmp(std::string& text) {
    // In valid UTF-8 such a byte leads exactly the characters of four bytes, which are those beyond the BMP.
    const auto lead_of_four = [](char c) { return static_cast<unsigned char>(c) >= 0xF0U; };
    std::size_t replaced = 0;
    auto at = std::find_if(text.begin(), text.end(), lead_of_four);
    while (at != text.end()) {
        const auto offset = static_cast<std::size_t>(at - text.begin());
        text.replace(offset, 4, "?");
        ++replaced;
        at = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(offset), text.end(), lead_of_four);
    }
    return replaced;
}

std::string without_spaces_and_dashes(std::string_view text) {
    std::string kept;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const std::int32_t character = next_character(text, at);
        // Dashes of any script (Unicode's category Pd), not the one of ASCII alone.
        if (u_isUWhiteSpace(character) == 0 && u_charType(character) != U_DASH_PUNCTUATION) {
            kept.append(text.substr(begin, at - begin));
        }
    }
    return kept;
}

// One character at a time, so ß does not become ss. case_folded() below is the full form.
std::string folded(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const std::int32_t character = next_character(text, at);
        if (!is_trimmed(character)) {
            append_character(result, u_foldCase(character, U_FOLD_CASE_DEFAULT));
        }
    }
    return result;
}

std::string case_folded(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* folding = icu::Normalizer2::getNFKCCasefoldInstance(status);
    if (U_FAILURE(status)) {
        throw std::runtime_error("ICU has no normalisation data");
    }
    std::string result;
    folding->normalize(icu::UnicodeString::fromUTF8(text), status).toUTF8String(result);
    return result;
}

// Decomposed, and then without the marks: ó comes apart into o and an accent.
std::string plain_folded(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* decomposing = icu::Normalizer2::getNFDInstance(status);
    if (U_FAILURE(status)) {
        throw std::runtime_error("ICU has no normalisation data");
    }
    const icu::UnicodeString apart = decomposing->normalize(icu::UnicodeString::fromUTF8(folded(text)), status);
    std::string result;
    for (int i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
        const UChar32 character = apart.char32At(i);
        if (character == 0x142) {
            result += 'l';  // ł does not come apart, nor does ß
        } else if (character == 0xDF) {
            result += "ss";
        } else if (u_charType(character) != U_NON_SPACING_MARK) {
            append_character(result, character);
        }
    }
    return result;
}

std::string ascii_upper(std::string_view text) {
    std::string upper(text);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return upper;
}

std::string ascii_lower(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

namespace {

// What moves the cursor, breaks a line or turns the direction of writing (Unicode's Cc, Zl, Zp and Bidi_Control).
bool is_unfit_to_show(std::int32_t c) {
    const auto type = u_charType(c);
    return type == U_CONTROL_CHAR || type == U_LINE_SEPARATOR || type == U_PARAGRAPH_SEPARATOR ||
           u_hasBinaryProperty(c, UCHAR_BIDI_CONTROL) != 0;
}

// `allowed` holds ASCII characters only.
std::string shown_but(std::string_view text, std::string_view allowed) {
    std::string fit;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const std::int32_t c = next_character(text, at);
        if (c < 0) {  // no UTF-8: a file's name may be anything
            for (const char byte : text.substr(begin, at - begin)) {
                fit += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
            }
        } else if (!is_unfit_to_show(c) || (c < 0x80 && allowed.find(static_cast<char>(c)) != std::string_view::npos)) {
            fit += text.substr(begin, at - begin);
        } else if (c == '\n') {
            fit += "\\n";
        } else if (c == '\t') {
            fit += "\\t";
        } else {
            fit += c < 0x100 ? fmt::format("\\x{:02x}", c) : fmt::format("\\u{:04x}", c);
        }
    }
    return fit;
}

}  // namespace

std::string shown(std::string_view text) {
    return shown_but(text, "");
}

std::string shown_lines(std::string_view text) {
    return shown_but(text, "\n\t");
}

// All these characters are in the BMP, so four hexadecimal digits do. Precondition: they stand in strings only, as in
// any valid JSON, where RFC 8259 allows the escape.
std::string json_fit_to_show(std::string_view json) {
    std::string fit;
    for (std::size_t at = 0; at < json.size();) {
        const std::size_t begin = at;
        const std::int32_t c = next_character(json, at);
        if (c != '\n' && is_unfit_to_show(c)) {
            fit += fmt::format("\\u{:04x}", c);
        } else {
            fit += json.substr(begin, at - begin);
        }
    }
    return fit;
}

std::string in_quotes(std::string_view text) {
    const std::string_view head = head_code_points(text, max_quotation);
    return "\"" + shown(head) + (head.size() < text.size() ? "…\"" : "\"");
}

// The service's words may echo a piece of the token. Shorter pieces help nobody to guess it, and would be found in
// ordinary numbers (tests/core/text_test.cpp).
std::string redacted(std::string_view text, std::string_view secret) {
    constexpr std::size_t telling = 12;
    const std::size_t piece = std::min(telling, secret.size());
    if (piece == 0) {
        return std::string(text);
    }
    // Views into `secret`.
    std::set<std::string_view> pieces;
    for (std::size_t at = 0; at + piece <= secret.size(); ++at) {
        pieces.insert(secret.substr(at, piece));
    }
    std::string shown;
    std::size_t hidden_until = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (at + piece <= text.size() && pieces.contains(text.substr(at, piece))) {
            // Overlapping pieces are one "[token]".
            shown += at > hidden_until || hidden_until == 0 ? "[token]" : "";
            hidden_until = at + piece;
        }
        if (at >= hidden_until) {
            shown += text[at];
        }
    }
    return shown;
}

// For commands that people copy from a message. It keeps no leading dash from being read as an option: where that can
// be, the caller writes -- before it (report/summary_report.cpp).
std::string shell_word(std::string_view text) {
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=,";
    if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) {
        return std::string(text);
    }
    // Single quotes hold anything but themselves; what must not reach a terminal raw needs bash's $'…'.
    const bool is_fit = shown(text) == text;
    std::string word = is_fit ? "'" : "$'";
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const std::int32_t c = next_character(text, at);
        const std::string_view character = text.substr(begin, at - begin);
        if (is_fit) {
            word += c == '\'' ? std::string_view("'\\''") : character;
        } else if (c == '\'' || c == '\\') {
            word += fmt::format("\\{}", character);
        } else if (is_unfit_to_show(c)) {  // bash's $'…' takes the bytes
            for (const char byte : character) {
                word += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
            }
        } else {
            word += character;
        }
    }
    return word + "'";
}

// std::from_chars reads "nan" and "inf" too: both fail the comparisons.
std::optional<double> parse_share(std::string_view text) {
    double percent = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
    const std::string_view behind(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
    const bool is_share = error == std::errc{} && behind == "%" && percent >= 0 && percent <= 100;
    return is_share ? std::optional(percent / 100) : std::nullopt;
}

std::string grouped(std::uint64_t number) {
    std::string digits = fmt::format("{}", number);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
        digits.insert(static_cast<std::size_t>(at), ",");
    }
    return digits;
}

// Only for nouns whose plural is an added s.
std::string counted(std::uint64_t number, std::string_view noun) {
    return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string listed(const std::vector<std::string>& items) {
    std::string text;
    for (std::size_t i = 0; i < items.size(); ++i) {
        text += i == 0 ? "" : (i + 1 == items.size() ? " and " : ", ");
        text += items[i];
    }
    return text;
}

}  // namespace baseload
