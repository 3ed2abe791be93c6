#include "source/workbook/number_format.hpp"

#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace baseload {
namespace {

constexpr double seconds_a_day = 86'400;
constexpr double last_day = 2'958'465;  // 9999-12-31, the last that spreadsheets know

// Without m, which is a month or a minute: only the letters beside it tell.
bool is_time_letter(char c) {
    return c == 'h' || c == 'H' || c == 's' || c == 'S';
}

// What is left of a format code when everything that is only shown, or only coloured, is gone.
struct bare_format {
    std::string letters;       // with literals as 'x'
    std::string mask;          // see number_format
    bool has_elapsed = false;  // [h], [mm], [ss]
    bool is_conditional = false;
};

// Of [Red], [$zł-415] and [>100] only the last changes what is shown; the others are colours and locales.
void take_brackets(std::string_view inside, bare_format& into) {
    const bool elapsed = !inside.empty() && std::all_of(inside.begin(), inside.end(), [](char c) {
        return is_time_letter(c) || c == 'm' || c == 'M';
    });
    into.has_elapsed = into.has_elapsed || elapsed;
    into.is_conditional =
        into.is_conditional || (!inside.empty() && std::string_view("<>=").find(inside[0]) != std::string_view::npos);
}

// The first section of it, which is the one for positive numbers.
bare_format bare(std::string_view code) {
    bare_format result;
    const auto literal = [&](std::string_view text) {
        result.letters += 'x';
        result.mask += text;
    };
    for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
        const char c = code[i];
        if (c == '"' || c == '[') {
            const std::size_t end = std::min(code.find(c == '"' ? '"' : ']', i + 1), code.size());
            const std::string_view inside = code.substr(i + 1, end - i - 1);
            c == '"' ? literal(inside) : take_brackets(inside, result);
            i = end;
            // Escapes (18.8.31): \ shows the character behind it, _ leaves its width blank, and * fills the cell with
            // it.
        } else if ((c == '\\' || c == '_' || c == '*') && i + 1 < code.size()) {
            ++i;
            if (c == '\\') {
                literal(code.substr(i, 1));
            }
        } else {
            result.letters += c;
            // 0 and # get characters of their own in the mask, so that a literal 0 is not taken for a place.
            result.mask += c == '0' ? digit_place : c == '#' ? digit_or_nothing : c;
        }
    }
    return result;
}

bool has_any(std::string_view text, std::string_view letters) {
    return text.find_first_of(letters) != std::string_view::npos;
}

// What some editions of spreadsheet programs call the format of no format.
bool is_general(std::string_view letters) {
    const std::string plain = folded(letters);
    return plain == "@" || plain.find("general") != std::string::npos || plain.find("standard") != std::string::npos;
}

// Of digits that are no fraction of a second (ss.000). Programs that write workbooks leave the quotes of a unit out,
// `0 szt` or `0 d`, and no date has places for digits.
bool has_places(std::string_view letters) {
    for (std::size_t i = 0; i < letters.size(); ++i) {
        if (std::string_view("0#?").find(letters[i]) == std::string_view::npos) {
            continue;
        }
        const std::string_view before = letters.substr(0, i);
        const std::size_t fraction = before.find_last_not_of('0');
        const bool is_fraction = fraction != std::string_view::npos && fraction > 0 &&
                                 std::string_view(".,x").find(before[fraction]) != std::string_view::npos &&
                                 (before[fraction - 1] == 's' || before[fraction - 1] == 'S');
        if (!is_fraction) {
            return true;
        }
    }
    return false;
}

// Digits in fixed places, as postcodes and telephone numbers have them: at least two are shown
// whatever the number is, or something other than a thousands' space stands between them.
bool is_mask(const bare_format& f) {
    const auto zeros = std::count(f.letters.begin(), f.letters.end(), '0');
    const auto places = zeros + std::count(f.letters.begin(), f.letters.end(), '#');
    const bool clean = f.letters.find_first_not_of("0#x- ()+") == std::string::npos;  // with a slash it is a fraction
    return clean && !f.is_conditional && (zeros >= 2 || (places >= 2 && has_any(f.mask, "-()/")));
}

// A day's number as ISO 8601, counted from 1899-12-30, which fits from 1900-03-01 on. Excel counts a 29th of February
// 1900 that never was, so the days before it are counted from one day later.
std::string iso_date(std::int64_t day, bool since_1904) {
    using namespace std::chrono;
    sys_days base = sys_days{year{1899} / December / 30};
    if (since_1904) {
        base = sys_days{year{1904} / January / 1};
    } else if (day == 60) {
        return "1900-02-29";
    } else if (day < 60) {
        base += days{1};
    }
    const year_month_day date{base + days{day}};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

std::string clock_time(std::int64_t seconds) {
    return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string shown_date(double value, number_kind kind, bool since_1904) {
    // Rounded, since a time of day is a fraction that binary numbers do not hold exactly.
    auto seconds = static_cast<std::int64_t>(std::llround(value * seconds_a_day));
    if (kind == number_kind::elapsed) {
        return clock_time(seconds);
    }
    constexpr std::int64_t day = 86'400;
    if (kind == number_kind::time) {
        return clock_time(seconds % day);
    }
    const std::string date = iso_date(seconds / day, since_1904);
    return kind == number_kind::date ? date : date + 'T' + clock_time(seconds % day);
}

// The digits into their places, from the right; those left over stand before the first place.
std::string masked(double value, const std::string& mask) {
    std::string digits = fmt::format("{:.0f}", std::abs(value));
    std::string shown;
    const std::size_t first_place = mask.find_first_of({digit_place, digit_or_nothing});
    for (std::size_t i = mask.size(); i-- > 0;) {
        const bool is_place = mask[i] == digit_place || mask[i] == digit_or_nothing;
        if (!is_place) {
            shown += mask[i];
            continue;
        }
        if (!digits.empty()) {
            shown += digits.back();
            digits.pop_back();
        } else if (mask[i] == digit_place) {
            shown += '0';
        }
        if (i == first_place) {
            shown.append(digits.rbegin(), digits.rend());
            digits.clear();
        }
    }
    std::reverse(shown.begin(), shown.end());
    return (value < 0 ? "-" : "") + shown;
}

}  // namespace

number_format parse_number_format(std::string_view code) {
    bare_format f = bare(code);
    if (is_general(f.letters)) {
        return {};
    }
    const bool is_number = !f.has_elapsed && has_places(f.letters);
    const bool has_seconds_or_hours = has_any(f.letters, "hHsS") && !is_number;
    const bool has_days = has_any(f.letters, "yYdD") && !is_number;
    // Minutes do not come so far: hours or seconds stand beside them.
    const bool has_months = has_any(f.letters, "mM") && !is_number;
    if (f.has_elapsed) {
        return {number_kind::elapsed};
    }
    if (has_days) {
        return {has_seconds_or_hours ? number_kind::date_time : number_kind::date};
    }
    if (has_seconds_or_hours) {
        return {number_kind::time};
    }
    if (has_months) {
        return {number_kind::date};
    }
    if (f.letters.find('%') != std::string::npos) {
        return {number_kind::percent};
    }
    if (is_mask(f)) {
        return {number_kind::mask, std::move(f.mask)};
    }
    return {};
}

// 18.8.30; 27 to 36 and 50 to 58 are dates in the East Asian editions.
number_format builtin_number_format(std::uint32_t id) {
    switch (id) {
    case 9:
    case 10: return {number_kind::percent};
    case 18:
    case 19:
    case 20:
    case 21:
    case 45:
    case 47: return {number_kind::time};
    case 46: return {number_kind::elapsed};
    case 22: return {number_kind::date_time};
    default: break;
    }
    const bool is_date = (id >= 14 && id <= 17) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
    return {is_date ? number_kind::date : number_kind::plain};
}

std::string plain_number(double value) {
    // Most numbers are short already; rounding the others to 15 digits takes several times as long.
    if (value == std::floor(value) && std::abs(value) < 1e15) {
        return fmt::format("{}", static_cast<std::int64_t>(value));
    }
    std::string shortest = fmt::format("{}", value);
    if (shortest.size() <= 15 && shortest.find('e') == std::string::npos) {
        return shortest;
    }
    // Excel keeps 15 digits, so what a double has behind them is noise: 0.1 + 0.2 is 0.3 here.
    std::string text = fmt::format("{:.14e}", std::abs(value));  // 15 digits: d.dddddddddddddde±xx
    const int exponent = std::atoi(text.c_str() + text.find('e') + 1);
    std::string digits = text.substr(0, 1) + text.substr(2, 14);
    const int point = exponent + 1;  // so many digits stand before it
    if (point <= 0) {
        digits.insert(0, static_cast<std::size_t>(1 - point), '0');
    } else if (static_cast<std::size_t>(point) > digits.size()) {
        digits.append(static_cast<std::size_t>(point) - digits.size(), '0');
    }
    const auto whole = static_cast<std::size_t>(std::max(point, 1));
    std::string fraction = digits.substr(whole);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    const bool negative = value < 0 && digits.find_first_not_of('0') != std::string::npos;
    return (negative ? "-" : "") + digits.substr(0, whole) + (fraction.empty() ? "" : "." + fraction);
}

// From 16 digits on Excel puts zeros in the place of the last ones: a long customer number is then not the one that was
// typed.
cell_flaw flaw_of_number(double value) {
    return std::abs(value) >= 1e15 ? cell_flaw::cut : cell_flaw::none;
}

std::string shown_number(double value, const number_format& format, bool since_1904) {
    switch (format.kind) {
    case number_kind::percent: return plain_number(value * 100) + "%";
    case number_kind::mask: return value == std::floor(value) ? masked(value, format.mask) : plain_number(value);
    case number_kind::plain: return plain_number(value);
    default: break;
    }
    // A negative or too large day is what Excel shows as #####: the bare number says more.
    const bool is_day = value >= 0 && value < last_day + 1;
    return is_day ? shown_date(value, format.kind, since_1904) : plain_number(value);
}

}  // namespace baseload
