#include "baseload/source/csv/encoding.hpp"

#include "alphabet.hpp"
#include "baseload/core/text.hpp"
#include "baseload/core/utf8.hpp"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

namespace baseload {
namespace {

// What Windows, Unix and DOS wrote in Central and Western Europe. The first is taken where nothing tells.
constexpr std::array<const char*, 4> legacy = {"windows-1250", "windows-1252", "ISO-8859-2", "IBM852"};

// So much more likely must a reading be than another that fits as well: a thousand times.
constexpr double margin = 10;  // in bits
constexpr double share_of_a_sign = 0.000'001;

// In Windows' encodings and those of ISO 8859. IBM852 has its á there, and is told by its other letters.
constexpr unsigned char no_break_space = 0xA0;

bool is_ascii_letter(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The characters of the bytes 0x80 to 0xFF; 0 for one that the encoding does not have.
// By ICU, whose tables give bytes that an encoding leaves out as controls below 0xA0: no letter.
std::array<char16_t, 128> upper_half(const char* encoding) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(encoding, &status), ucnv_close);
    std::array<char16_t, 128> characters{};
    for (unsigned byte = 0x80; byte <= 0xFF && U_SUCCESS(status); ++byte) {
        const char source = static_cast<char>(byte);
        std::array<UChar, 4> target{};
        UErrorCode error = U_ZERO_ERROR;
        const std::int32_t length = ucnv_toUChars(converter.get(), target.data(), 4, &source, 1, &error);
        // One byte, one character: encodings with longer ones are not among those tried.
        const bool is_character = U_SUCCESS(error) && length == 1 && target[0] >= 0xA0 && target[0] != 0xFFFD;
        characters[byte - 0x80] = is_character ? target[0] : u'\0';
    }
    return characters;
}

struct reading {
    const char* encoding = nullptr;
    std::string_view language;
    std::array<char16_t, 128> characters{};
    double share = -1;      // of the bytes in words that are letters of the language
    double likelihood = 0;  // of these letters in this language, as a binary logarithm
    unsigned letters = 0;   // of its alphabet that occur

    [[nodiscard]] bool is_polish() const { return language == alphabets().front().language; }
};

// The bytes as letters of one language.
reading read_as(reading r, const alphabet& of, const byte_statistics& bytes, std::uint64_t in_words) {
    std::uint64_t letters = 0;
    r.language = of.language;
    for (unsigned i = 0; i < 128; ++i) {
        const auto byte = static_cast<std::uint8_t>(0x80 + i);
        const std::uint64_t occurring = bytes.in_words(byte);
        if (occurring == 0) {
            continue;
        }
        const auto lower = static_cast<char16_t>(u_tolower(r.characters[i]));
        // A sign in the midst of a word is rarer than a letter of another language.
        const double share = u_isalpha(lower) != 0 ? of.share_of(lower) : share_of_a_sign;
        r.likelihood += static_cast<double>(occurring) * std::log2(share);
        if (of.letters.find(lower) != std::u16string_view::npos) {
            // A capital behind a small letter is hardly a letter of the word (tests/source/csv/encoding_test.cpp).
            const bool is_capital = lower != r.characters[i];
            letters += occurring - (is_capital ? bytes.after_small(byte) : 0);
            ++r.letters;
        }
    }
    r.share = in_words == 0 ? 0 : static_cast<double>(letters) / static_cast<double>(in_words);
    return r;
}

// In the language that fits best.
reading read_as(const char* encoding, const byte_statistics& bytes) {
    // share below 0: ruled out, by a byte that occurs and that the encoding does not have.
    reading best{.encoding = encoding, .language = {}, .characters = upper_half(encoding)};
    std::uint64_t in_words = 0;
    for (unsigned i = 0; i < 128; ++i) {
        const auto byte = static_cast<std::uint8_t>(0x80 + i);
        if (best.characters[i] == 0 && bytes.count(byte) > 0) {
            return best;
        }
        in_words += bytes.in_words(byte);
    }
    // No letter outside ASCII stands in a word: every encoding that has the bytes fits as well.
    const reading unread = best;
    for (const alphabet& of : alphabets()) {
        reading r = read_as(unread, of, bytes, in_words);
        // Polish is asked first, and gives way to a language of which more are letters, and not to a likelier one.
        if (r.share > best.share || (r.share == best.share && !best.is_polish() && r.likelihood > best.likelihood)) {
            best = r;
        }
    }
    best.language = best.share > 0 ? best.language : "";
    return best;
}

// Of two that fit equally: whether the letters speak for the first so clearly that nobody needs to be asked. One
// letter alone says nothing, however often: ø is ř in windows-1250, and a customer list may repeat one name.
bool is_much_likelier(const reading& a, const reading& b) {
    return a.letters > 1 && a.likelihood >= b.likelihood + margin;
}

// Whether both make the same text of these bytes.
bool read_alike(const reading& a, const reading& b, const byte_statistics& bytes) {
    for (unsigned i = 0; i < 128; ++i) {
        if (bytes.count(static_cast<std::uint8_t>(0x80 + i)) > 0 && a.characters[i] != b.characters[i]) {
            return false;
        }
    }
    return true;
}

}  // namespace

// RFC 3629, 6, and RFC 2781, 3.2. UTF-32 is not looked for: its little-endian mark begins like UTF-16's.
std::optional<encoding_choice> encoding_by_head(std::string_view head) {
    if (head.starts_with("\xEF\xBB\xBF")) {
        return encoding_choice{"UTF-8", "it begins with UTF-8's byte order mark"};
    }
    if (head.starts_with("\xFF\xFE")) {
        return encoding_choice{"UTF-16LE", "it begins with UTF-16's byte order mark"};
    }
    if (head.starts_with("\xFE\xFF")) {
        return encoding_choice{"UTF-16BE", "it begins with UTF-16's byte order mark"};
    }
    std::array<std::size_t, 2> nuls{};
    for (std::size_t i = 0; i < head.size(); ++i) {
        nuls[i % 2] += head[i] == '\0' ? 1 : 0;
    }
    // Most letters of a table are ASCII, delimiters and digits: every other byte is a NUL.
    for (const std::size_t high : {std::size_t{0}, std::size_t{1}}) {
        // More than a quarter of the possible places, and none in the other half: text beside bytes that happen to be
        // 0.
        if (nuls[high] * 4 > head.size() / 2 && nuls[1 - high] == 0) {
            return encoding_choice{high == 0 ? "UTF-16BE" : "UTF-16LE", "every other byte is 0"};
        }
    }
    return std::nullopt;
}

utf8_evidence evidence_of_utf8(std::string_view text) {
    utf8_evidence found;
    char last = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const std::int32_t c = next_character(text, at);
        // What the sample's end has cut says nothing.
        if (c < 0 && text.size() - begin < 4 && character_bytes(text[begin]) > text.size() - begin) {
            break;
        }
        const char next = at < text.size() ? text[at] : '\0';
        const bool in_word =
            is_ascii_letter(static_cast<unsigned char>(last)) || is_ascii_letter(static_cast<unsigned char>(next));
        // Two bytes that stand alone among ASCII may be two letters of an older encoding. A Cyrillic word has several.
        const bool is_alone =
            at - begin == 2 && static_cast<unsigned char>(last) < 0x80 && static_cast<unsigned char>(next) < 0x80;
        if (c < 0) {
            ++found.broken;
        } else if (c >= 0x250 && u_isalpha(c) != 0 && in_word && is_alone) {
            ++found.odd;
        } else if (c >= 0xC0 && (c < 0x250 || u_isalpha(c) != 0)) {
            ++found.characters;
        }
        last = text[at - 1];
    }
    return found;
}

// The state goes over the ends of pieces, so a word that is cut in two still counts.
void byte_statistics::add(std::string_view bytes) {
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80) {
            ++all_[byte];
            // It parts words, and is no letter of one.
            in_words_[byte] += byte != no_break_space && (is_ascii_letter(last_) || last_ >= 0x80) ? 1 : 0;
            after_small_[byte] += last_ >= 'a' && last_ <= 'z' ? 1 : 0;
        } else if (last_ >= 0x80 && last_ != no_break_space && is_ascii_letter(byte)) {
            ++in_words_[last_];
        }
        last_ = byte;
    }
}

encoding_choice encoding_by_letters(const byte_statistics& bytes) {
    std::vector<reading> readings;
    for (const char* encoding : legacy) {
        readings.push_back(read_as(encoding, bytes));
    }
    const auto rank = [](const reading& r) { return std::tuple(r.share, r.is_polish(), r.likelihood); };
    const reading& best = *std::max_element(readings.begin(), readings.end(),
                                            [&](const reading& a, const reading& b) { return rank(a) < rank(b); });
    // Where every encoding is ruled out, the first is named, and decoded_stream refuses the file with the line.
    std::vector<std::string> alike;
    std::vector<std::string> rivals;
    std::vector<std::string> rival_names;
    // For the reason that preview shows: a person decides where the bytes do not.
    for (const reading& other : readings) {
        if (&other == &best || other.share < 0) {
            continue;
        }
        if (read_alike(best, other, bytes)) {
            alike.emplace_back(other.encoding);
        } else if (other.share > 0 && other.share >= best.share && !is_much_likelier(best, other)) {
            rivals.push_back(fmt::format("{} ({})", other.encoding, other.language));
            // DOS has long gone: where only chance speaks for it, nobody needs to be asked.
            const bool is_in_question = !best.is_polish() || is_much_likelier(other, best);
            if (is_in_question && std::string_view(other.encoding) != "IBM852") {
                rival_names.emplace_back(other.encoding);
            }
        }
    }
    std::string reason = best.share <= 0 ? "it is not UTF-8, and no word tells more"
                                         : fmt::format("it is not UTF-8, and {:.0f} % of its letters outside ASCII are "
                                                       "then {}",
                                                       best.share * 100, best.language);
    if (!alike.empty()) {
        reason += fmt::format("; {} would read it alike", listed(alike));
    }
    if (!rivals.empty()) {
        reason += fmt::format("; {} would fit as well, and read it otherwise", listed(rivals));
    }
    // Polish shops come first: where the bytes make Polish, that decides, unless another reading is much likelier.
    return {best.encoding, reason, std::move(rival_names)};
}

std::optional<std::pair<std::string, std::string>> differing_word(std::string_view text, const std::string& one,
                                                                  const std::string& other) {
    const auto first = upper_half(one.c_str());
    const auto second = upper_half(other.c_str());
    const auto is_part = [](char c) {
        return static_cast<unsigned char>(c) >= 0x80 || is_ascii_letter(static_cast<unsigned char>(c));
    };
    const auto at = std::find_if(text.begin(), text.end(), [&](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x80 && first[byte - 0x80U] != second[byte - 0x80U];
    });
    if (at == text.end()) {
        return std::nullopt;
    }
    const auto begin = std::find_if_not(std::make_reverse_iterator(at), text.rend(), is_part).base();
    const auto end = std::find_if_not(at, text.end(), is_part);
    const auto read = [&](const std::array<char16_t, 128>& characters) {
        std::string word;
        for (auto each = begin; each != end; ++each) {
            const auto byte = static_cast<unsigned char>(*each);
            append_character(word, byte < 0x80 ? byte : characters[byte - 0x80U]);
        }
        return word;
    };
    return std::pair(read(first), read(second));
}

std::optional<std::string> known_encoding(const std::string& name) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(name.c_str(), &status), ucnv_close);
    if (U_FAILURE(status) || trimmed(name).empty()) {  // a blank name is ICU's own choice
        return std::nullopt;
    }
    // ICU knows hundreds of spellings for UTF-8, and csv_source compares the name.
    const std::string own = ucnv_getName(converter.get(), &status);
    return own == "UTF-8" ? own : name;
}

}  // namespace baseload
