#include "baseload/core/loose_key.hpp"

#include "baseload/core/text.hpp"
#include "baseload/core/utf8.hpp"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>

#include <memory>

namespace baseload {
namespace {

bool is_ascii(std::string_view text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) >= 0x80U) {
            return false;
        }
    }
    return true;
}

// ="001", as exports write what Excel shall leave alone.
std::string_view without_formula(std::string_view text) {
    return text.size() >= 3 && text.starts_with("=\"") && text.ends_with("\"") ? text.substr(2, text.size() - 3) : text;
}

// 1.0 and 1,00 are what spreadsheets make of 1, and 5.1 of 5.10.
std::string_view without_decimals(std::string_view text) {
    const std::size_t point = text.find_first_of(".,");
    if (point == std::string_view::npos || !all_digits(text.substr(0, point)) || !all_digits(text.substr(point + 1))) {
        return text;
    }
    const std::string_view kept = text.substr(0, text.find_last_not_of('0') + 1);
    return kept.size() <= point + 1 ? text.substr(0, point) : kept;
}

// The letters and digits alone, without the zeros that lead a number.
std::string bare(const std::string& text) {
    // Apostrophes, dashes and invisible characters go here.
    std::string letters;
    for (std::size_t at = 0; at < text.size();) {
        const std::int32_t c = next_character(text, at);
        if (u_isalnum(c) != 0) {
            append_character(letters, c);
        }
    }
    std::string kept;
    for (std::size_t at = 0; at < letters.size(); ++at) {
        const bool begins_number = kept.empty() || !is_digit(kept.back());
        const bool leads = letters[at] == '0' && begins_number && at + 1 < letters.size() && is_digit(letters[at + 1]);
        if (!leads) {
            kept += letters[at];
        }
    }
    return kept;
}

// Each letter that is not ASCII becomes what it looks like: capitals, since of these more look alike.
std::string without_look_alikes(std::string_view text) {
    if (is_ascii(text)) {
        return std::string(text);
    }
    UErrorCode status = U_ZERO_ERROR;
    // UTS #39's table of confusable characters. Without it (no ICU data) letters stand for themselves, and fewer keys
    // look alike: nothing is lost but the warning. Lives until the process ends.
    static const std::unique_ptr<USpoofChecker, void (*)(USpoofChecker*)> checker(uspoof_open(&status), uspoof_close);
    std::string capitals;
    icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())))
        .toUpper(icu::Locale::getRoot())
        .toUTF8String(capitals);
    std::string shape;
    for (std::size_t at = 0; at < capitals.size();) {
        const std::size_t begin = at;
        static_cast<void>(next_character(capitals, at));
        const std::string letter = capitals.substr(begin, at - begin);
        icu::UnicodeString skeleton;
        // Letter by letter, and never of ASCII: a skeleton of all would make l of 1 and O of 0, and K10 would be KlO.
        if (letter.size() > 1 && checker) {
            uspoof_getSkeletonUnicodeString(checker.get(), 0, icu::UnicodeString::fromUTF8(letter), skeleton, &status);
            skeleton.toUTF8String(shape);
        } else {
            shape += letter;
        }
    }
    return shape;
}

}  // namespace

std::string loose_key(std::string_view key) {
    std::string all;
    for (;;) {
        // A bar inside a cell stands here escaped and parts the key as well. That is no harm: equal forms are still
        // equal.
        const std::size_t bar = key.find('|');  // between the columns of a key
        all += bare(case_folded(without_look_alikes(without_decimals(without_formula(trimmed(key.substr(0, bar)))))));
        if (bar == std::string_view::npos) {
            return all;
        }
        all += '|';
        key.remove_prefix(bar + 1);
    }
}

}  // namespace baseload
