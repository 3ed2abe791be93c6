#pragma once

#include <string>
#include <string_view>

// What the cells of an .ods workbook hold, as a person sees it. Pure.

namespace baseload {

// Whether a whole number is shown in fixed places, as postcodes are: with zeros before it, or with dashes in it.
// `number` is the same without.
[[nodiscard]] bool is_in_places(std::string_view shown, const std::string& number);

// A duration of XML Schema as hours, minutes and seconds: PT14H30M05S, -PT26H0M0.6S → 14:30:05, -26:00:01
[[nodiscard]] std::string clock_time(const std::string& duration);

// A moment without fractions of a second, which LibreOffice writes for what it rounds when it
// shows it: 2024-01-31T14:29:59.999999999 → 2024-01-31T14:30:00
[[nodiscard]] std::string rounded_moment(const std::string& moment);

}  // namespace baseload
