#include "text_transforms.hpp"

#include "country_names.hpp"

#include "baseload/core/text.hpp"
#include "regular_expression.hpp"

#include <fmt/format.h>
#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <functional>

namespace baseload {
namespace {

std::string changed(const std::string& text, const std::function<void(icu::UnicodeString&)>& change) {
    icu::UnicodeString wide = icu::UnicodeString::fromUTF8(text);
    change(wide);
    std::string result;
    wide.toUTF8String(result);
    return result;
}

// Of any script, as ASCII.
std::string digits_of(const std::string& text) {
    const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(text);
    std::string digits;
    for (std::int32_t at = 0; at < wide.length(); at = wide.moveIndex32(at, 1)) {
        const std::int32_t digit = u_charDigitValue(wide.char32At(at));
        if (digit >= 0) {
            digits += static_cast<char>('0' + digit);
        }
    }
    return digits;
}

// Where words begin. To make one costs more than all that it is used for, so it is made once; where ICU cannot, it is
// null, and toTitle() makes its own. An iterator has a text, so each thread has one.
icu::BreakIterator* words() {
    thread_local const std::unique_ptr<icu::BreakIterator> iterator = [] {
        UErrorCode failure = U_ZERO_ERROR;
        return std::unique_ptr<icu::BreakIterator>(
            icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), failure));
    }();
    return iterator.get();
}

std::string with_letters(const std::string& text, letter_transform how) {
    // The root locale: of the machine's own one, Turkish would make another letter of i.
    const icu::Locale root = icu::Locale::getRoot();
    switch (how) {
    case letter_transform::upper: return changed(text, [&](icu::UnicodeString& t) { t.toUpper(root); });
    case letter_transform::lower: return changed(text, [&](icu::UnicodeString& t) { t.toLower(root); });
    case letter_transform::title: return changed(text, [&](icu::UnicodeString& t) { t.toTitle(words(), root); });
    case letter_transform::digits: return digits_of(text);
    case letter_transform::country: return country_by_name(text).value_or(text);
    }
    return text;
}

// The words between the separators; several in a row part once.
// Precondition: the separator is not empty (config/field_rules.cpp refuses one), or this would never end.
std::vector<std::string_view> words_of(std::string_view text, std::string_view separator) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t end = text.find(separator);
        const std::string_view word = trimmed(text.substr(0, end));
        if (!word.empty()) {
            words.push_back(word);
        }
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + separator.size());
    }
    return words;
}

// Of a separator of one space, each white space is one: people copy no-break spaces from the web.
std::string with_plain_spaces(const std::string& text) {
    return changed(text, [](icu::UnicodeString& t) {
        for (std::int32_t at = 0; at < t.length(); ++at) {
            if (u_isspace(t.charAt(at)) != 0) {
                t.setCharAt(at, u' ');
            }
        }
    });
}

std::string part_of(const std::string& given, const std::string& separator, text_part part) {
    // Only for a space: a separator of the job's own is compared as it stands.
    std::string text = separator == " " ? with_plain_spaces(given) : given;
    const auto words = words_of(text, separator);
    std::size_t begin = 0;
    std::size_t end = words.size();
    switch (part) {
    case text_part::all: return text;
    case text_part::first: end = words.empty() ? 0 : 1; break;
    case text_part::rest: begin = words.empty() ? 0 : 1; break;
    case text_part::last: begin = words.empty() ? 0 : words.size() - 1; break;
    case text_part::but_last: end = words.empty() ? 0 : words.size() - 1; break;
    }
    std::string joined;
    for (std::size_t i = begin; i < end; ++i) {
        joined += (i == begin ? "" : separator) + std::string(words[i]);
    }
    return joined;
}

}  // namespace

tl::expected<text_transforms, std::string> text_transforms::of(const field_rule& rule) {
    text_transforms all;
    all.separator_ = rule.split;
    all.part_ = rule.part;
    all.letters_ = rule.transforms;
    for (const auto& [pattern, by] : rule.replace) {
        auto matcher = compiled(pattern);
        if (!matcher) {
            return tl::unexpected(matcher.error());
        }
        all.replacements_.push_back({pattern, std::move(*matcher), icu::UnicodeString::fromUTF8(by)});
    }
    return all;
}

tl::expected<std::string, std::string> text_transforms::apply(std::string text) const {
    if (part_ != text_part::all) {
        text = part_of(text, separator_, part_);
    }
    for (const replacement& r : replacements_) {
        UErrorCode status = U_ZERO_ERROR;
        // By hand, since ICU's replaceAll takes a pattern that ran out of time for one that fits nowhere.
        const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(text);
        icu::UnicodeString replaced;
        // The matcher keeps a reference to `wide` until its next reset, and `wide` lives to the end of this step only.
        r.matcher->reset(wide);
        while (r.matcher->find(status) && U_SUCCESS(status)) {
            r.matcher->appendReplacement(replaced, r.by, status);
        }
        r.matcher->appendTail(replaced);
        if (U_FAILURE(status)) {
            return tl::unexpected(fmt::format("the job's replace {} fails on it ({})", in_quotes(r.pattern),
                                              status == U_REGEX_TIME_OUT ? "it takes too long" : u_errorName(status)));
        }
        text.clear();
        replaced.toUTF8String(text);
    }
    for (const letter_transform how : letters_) {
        text = with_letters(text, how);
    }
    // Cells are trimmed before, and a transform may leave white space at the ends.
    return std::string(trimmed(text));
}

}  // namespace baseload
