#include "stored_form.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/nearest.hpp"
#include "baseload/core/text.hpp"
#include "baseload/core/utf8.hpp"

#include <fmt/format.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

namespace baseload::sandbox {
namespace {

// In the order of text_change.
constexpr std::array<std::string_view, 8> names = {"strip", "collapse", "phone", "upper",
                                                   "lower", "nfc",      "nfd",   "escape"};

std::vector<std::string> all_names() {
    return {names.begin(), names.end()};
}

template <typename Predicate>
std::string without(std::string_view text, Predicate is_dropped) {
    std::string kept;
    for (std::size_t at = 0; at < text.size();) {
        const std::int32_t c = next_character(text, at);
        if (!is_dropped(c)) {
            append_character(kept, c);
        }
    }
    return kept;
}

// ICU's property covers what has no width, such as U+200B and U+00AD (Unicode, Default_Ignorable_Code_Point).
bool is_invisible(std::int32_t c) {
    return u_iscntrl(c) != 0 || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

// The plus of a country's number stays: it is a symbol (Sm) and none of these.
bool parts_numbers(std::int32_t c) {
    const std::int8_t type = u_charType(c);
    return u_isUWhiteSpace(c) != 0 || type == U_DASH_PUNCTUATION || type == U_START_PUNCTUATION ||
           type == U_END_PUNCTUATION;
}

std::string collapsed(std::string_view text) {
    std::string kept;
    bool is_after_blank = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::int32_t c = next_character(text, at);
        if (u_isUWhiteSpace(c) != 0) {
            is_after_blank = true;
            continue;
        }
        // Written before the next character and not at once, so that no blank is left at the end.
        kept += is_after_blank && !kept.empty() ? " " : "";
        is_after_blank = false;
        append_character(kept, c);
    }
    return kept;
}

std::string utf8_of(const icu::UnicodeString& text) {
    std::string utf8;
    return text.toUTF8String(utf8);
}

std::string normalised(const std::string& text, const icu::Normalizer2* (*form)(UErrorCode&)) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* normaliser = form(status);
    if (U_FAILURE(status)) {
        throw std::runtime_error("ICU has no normalisation data");
    }
    return utf8_of(normaliser->normalize(icu::UnicodeString::fromUTF8(text), status));
}

// As PHP's htmlspecialchars writes them.
std::string escaped(std::string_view text) {
    std::string html;
    for (const char c : text) {
        switch (c) {
        case '&': html += "&amp;"; break;
        case '<': html += "&lt;"; break;
        case '>': html += "&gt;"; break;
        case '"': html += "&quot;"; break;
        case '\'': html += "&#039;"; break;
        default: html += c;
        }
    }
    return html;
}

}  // namespace

stored_form::stored_form(std::string_view changes) {
    while (!changes.empty()) {
        const std::string name(changes.substr(0, changes.find(',')));
        changes.remove_prefix(std::min(changes.size(), name.size() + 1));
        const auto* const at = std::find(names.begin(), names.end(), name);
        if (at == names.end()) {
            throw command_error(exit_code::usage,
                                fmt::format("--changes {} is not a change{}; write it like "
                                            "escape,nfd, with {}",
                                            in_quotes(name), did_you_mean(name, all_names()), listed(all_names())));
        }
        chosen_.at(static_cast<std::size_t>(at - names.begin())) = true;
    }
    using enum text_change;
    // The other changes may be combined as one likes.
    for (const auto& [one, other] : {std::pair(upper, lower), std::pair(nfc, nfd)}) {
        if (has(one) && has(other)) {
            throw command_error(exit_code::usage, fmt::format("--changes: {} and {} undo each other; choose one",
                                                              names.at(static_cast<std::size_t>(one)),
                                                              names.at(static_cast<std::size_t>(other))));
        }
    }
}

std::string stored_form::of(std::string_view field, std::string text) const {
    using enum text_change;
    if (has(strip)) {
        text = without(text, is_invisible);
    }
    if (has(collapse)) {
        text = collapsed(text);
    }
    if (has(phone) && field == "phone") {
        text = without(text, parts_numbers);
    }
    if (has(upper)) {
        // The root locale: in Turkish "i" would become another letter.
        text = utf8_of(icu::UnicodeString::fromUTF8(text).toUpper(icu::Locale::getRoot()));
    }
    if (has(lower)) {
        text = utf8_of(icu::UnicodeString::fromUTF8(text).toLower(icu::Locale::getRoot()));
    }
    if (has(nfc)) {
        text = normalised(text, icu::Normalizer2::getNFCInstance);
    }
    if (has(nfd)) {
        text = normalised(text, icu::Normalizer2::getNFDInstance);
    }
    // Last, or `upper` would make "&AMP;" of "&amp;".
    return has(escape) ? escaped(text) : text;
}

}  // namespace baseload::sandbox
