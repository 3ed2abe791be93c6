#include "extra_value.hpp"

#include "baseload/core/nearest.hpp"
#include "baseload/core/text.hpp"
#include "invalid_value.hpp"

#include <fmt/format.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace baseload {
namespace {

constexpr UDate oldest_day = -5'364'662'400'000;  // 1800-01-01: a year of two digits could be any

// "1 234,50" and "-0.5". One comma or point stands before the decimals, whatever their number
// is: what a spreadsheet holds as a number comes so. Beside another one it is refused.
result<field_value> number_value(const std::string& text) {
    std::string plain;
    // folded() takes white space of every kind away, as it stands between thousands (no-break spaces, most often).
    for (const char c : folded(text)) {
        plain += c == ',' ? '.' : c;
    }
    const std::size_t sign = plain.starts_with('-') || plain.starts_with('+') ? 1 : 0;
    const std::string_view digits = std::string_view(plain).substr(sign);
    const bool clean = std::all_of(digits.begin(), digits.end(), [](char c) { return is_digit(c) || c == '.'; }) &&
                       // Two marks could be thousands and decimals in either order, and nothing is guessed.
                       std::count(digits.begin(), digits.end(), '.') <= 1 && !digits.empty() &&
                       is_digit(digits.front()) && is_digit(digits.back());
    if (!clean) {
        return invalid(fault_code::bad_number, text, "is no number",
                       "write digits, and a comma or a point before the decimals");
    }
    return field_value{plain.starts_with('+') ? plain.substr(1) : plain};
}

result<field_value> option_value(const field_rule& rule, const std::string& text) {
    const auto& options = rule.options;
    // As it stands first: two options may differ by case or accents alone.
    if (std::find(options.begin(), options.end(), text) != options.end()) {
        return field_value{text};
    }
    std::vector<std::string> alike;
    std::copy_if(options.begin(), options.end(), std::back_inserter(alike),
                 [&](const std::string& option) { return plain_folded(option) == plain_folded(text); });
    if (alike.size() == 1) {
        return field_value{alike.front()};
    }
    return invalid(fault_code::not_an_option, text,
                   alike.empty() ? "is none of the field's options" + did_you_mean(text, options)
                                 : fmt::format("could be several of the field's options ({})", listed(alike)),
                   options.empty()
                       ? "the field has no options; add them in the panel, and run baseload account"
                       : fmt::format("write one of {}; baseload account learns of new ones", listed(options)));
}

// Yes and no as people write them; a checkbox of options takes these.
result<field_value> checkbox_value(const field_rule& rule, const std::string& text) {
    constexpr std::array<std::string_view, 10> yes = {"tak", "t", "yes", "y", "ja", "1", "x", "true", "prawda", "✓"};
    constexpr std::array<std::string_view, 8> no = {"nie", "no", "n", "nein", "0", "-", "false", "falsz"};
    const std::string word = plain_folded(text);
    // The options come before yes and no, since one may be called "1" or "x".
    if (!rule.options.empty()) {
        if (auto option = option_value(rule, text)) {
            return option;
        }
    }
    const auto says = [](const auto& words, const std::string& text_of_it) {
        return std::find(words.begin(), words.end(), text_of_it) != words.end();
    };
    const bool is_yes = says(yes, word);
    const auto same = std::find_if(rule.options.begin(), rule.options.end(), [&](const std::string& option) {
        return is_yes ? says(yes, plain_folded(option)) : says(no, plain_folded(option));
    });
    // Which of several options a mere yes means cannot be told.
    // Which of several options a mere no means is clear: none of them, so the field is emptied below.
    const bool is_unclear = is_yes && rule.options.size() > 1 && same == rule.options.end();
    if (is_unclear || (!is_yes && !says(no, word))) {
        return invalid(fault_code::bad_checkbox, text,
                       is_unclear ? "does not tell which of the field's options is meant" : "is neither yes nor no",
                       rule.options.empty() ? "write tak or nie, yes or no, 1 or 0"
                                            : fmt::format("write one of {}, or nie", listed(rule.options)));
    }
    if (same != rule.options.end()) {
        return field_value{*same};
    }
    if (!rule.options.empty()) {
        return field_value{is_yes ? rule.options.front() : std::string{}};
    }
    return field_value{std::string(is_yes ? "1" : "0")};
}

// What stands before a time: "T13:45:00", " 13:45".
std::string without_time(const std::string& text) {
    const std::size_t at = text.find_first_of("T ");
    const std::string_view time = at == std::string::npos ? std::string_view{} : std::string_view(text).substr(at + 1);
    const bool is_time =
        time.find(':') != std::string_view::npos && time.find_first_not_of("0123456789:.+-Z") == std::string_view::npos;
    return is_time ? text.substr(0, at) : text;
}

// ISO 8601, and the day before the month as all of Europe writes it.
result<field_value> date_value(const field_rule& rule, const std::string& text) {
    UErrorCode status = U_ZERO_ERROR;
    const bool has_pattern = !rule.date_format.empty() && rule.date_format != unix_date_format;
    const std::string_view form = has_pattern ? std::string_view(rule.date_format) : "yyyy-MM-dd";
    const auto formatter = [&](std::string_view pattern) {
        // With GMT on both ways no zone's clock change can move the day. Not lenient: otherwise 31.02. would be the 2nd
        // or 3rd of March.
        icu::SimpleDateFormat made(icu::UnicodeString::fromUTF8({pattern.data(), static_cast<int>(pattern.size())}),
                                   icu::Locale::getRoot(), status);
        made.setLenient(false);
        made.adoptTimeZone(icu::TimeZone::getGMT()->clone());
        return made;
    };
    const std::string date = without_time(text);
    const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(date);
    for (const std::string_view pattern :
         // ICU takes fewer digits than a pattern has letters, and stops where it likes: hence the checks of position
         // and form.
         {"yyyy-MM-dd", "d.M.yyyy", "d/M/yyyy", "d-M-yyyy", "yyyy.MM.dd", "yyyy/MM/dd"}) {
        icu::ParsePosition position(0);
        const UDate day = formatter(pattern).parse(wide, position);
        const std::size_t separator = pattern.find_first_not_of("yMd");
        const bool same_form =
            date.find(pattern[separator]) == (pattern[0] == 'y' ? 4 : date.find_first_not_of("0123456789"));
        // `status` is shared: with a format that ICU does not take, no text is a date. config/field_rules.cpp lets none
        // through.
        if (U_SUCCESS(status) && day >= oldest_day && position.getIndex() == wide.length() && position.getIndex() > 0 &&
            same_form) {
            if (rule.date_format == unix_date_format) {
                return field_value{fmt::format("{:.0f}", day / 1000)};  // UDate counts milliseconds
            }
            icu::UnicodeString written;
            std::string utf8;
            formatter(form).format(day, written).toUTF8String(utf8);
            return field_value{std::move(utf8)};
        }
    }
    return invalid(fault_code::bad_date, text, "is no date", "write it as 2024-01-31 or 31.01.2024");
}

}  // namespace

result<field_value> extra_value(const field_rule& rule, std::string text) {
    switch (rule.editor) {
    case editor_type::number: return number_value(text);
    case editor_type::select:
    case editor_type::radio: return option_value(rule, text);
    case editor_type::checkbox: return checkbox_value(rule, text);
    case editor_type::date: return date_value(rule, text);
    default: return field_value{std::move(text)};
    }
}

}  // namespace baseload
