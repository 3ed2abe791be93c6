#pragma once

#include "baseload/core/record.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// How a spreadsheet shows a number, as far as a customer file needs it (ECMA-376 part 1,
// 18.8.30 and 18.8.31). Pure.

namespace baseload {

enum class number_kind {
    plain,
    date,
    date_time,
    time,     // of a day
    elapsed,  // hours that may be more than a day has
    percent,
    mask  // digits in fixed places: 00-000 for a postcode
};

struct number_format {
    number_kind kind = number_kind::plain;
    std::string mask = {};  // digit_place and digit_or_nothing, and literals as they are
};

// No text of a workbook has these.
inline constexpr char digit_place = '\x01';
inline constexpr char digit_or_nothing = '\x02';

// What a format code makes of a number. Colours, conditions, locales, quoted and escaped
// text in it mean nothing.
[[nodiscard]] number_format parse_number_format(std::string_view code);

// What the formats mean that a workbook need not spell out; plain for all others.
[[nodiscard]] number_format builtin_number_format(std::uint32_t id);

// The number in digits, with a point: no exponent, and none of the noise beyond the 15 digits
// that spreadsheets keep.
[[nodiscard]] std::string plain_number(double value);

// A number of more than 15 digits was another when somebody typed it in.
[[nodiscard]] cell_flaw flaw_of_number(double value);

// As a person sees it; dates as ISO 8601. `since_1904`: the workbook counts its days from then.
[[nodiscard]] std::string shown_number(double value, const number_format& format, bool since_1904);

}  // namespace baseload
