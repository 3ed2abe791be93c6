#include "source/workbook/ods_values.hpp"

#include "baseload/core/text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <iterator>

namespace baseload {
namespace {

std::string digits_of(std::string_view text) {
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
    return digits;
}

}  // namespace

// The shown text replaces the number only where it has the same digits, with zeros before them or signs between them: a
// postcode, a telephone number. 1 200 and 12.50 are no such numbers.
bool is_in_places(std::string_view shown, const std::string& number) {
    const std::string digits = digits_of(shown);
    // Leading zeros are what a number loses.
    const std::size_t zeros = std::min(digits.find_first_not_of('0'), digits.size());
    const bool clean = shown.find_first_not_of("0123456789- ()/+") == std::string_view::npos;
    const bool in_places = shown.starts_with('0') || shown.find_first_of("-(/", 1) != std::string_view::npos;
    return clean && in_places && digits.size() > 1 && digits.substr(zeros) == number;
}

// Hours may be more than 24. M always counts as minutes, and never as months.
std::string clock_time(const std::string& duration) {
    constexpr long in_seconds[] = {86'400, 3'600, 60, 1};
    double seconds = 0;
    std::string number;
    for (const char c : duration) {
        const std::size_t unit = std::string_view("DHMS").find(c);
        if (is_digit(c) || c == '.' || c == ',') {
            number += c == ',' ? '.' : c;
        } else if (unit != std::string_view::npos) {
            seconds += std::strtod(number.c_str(), nullptr) * static_cast<double>(in_seconds[unit]);
            number.clear();
        }
    }
    // The bound keeps a hostile duration within a long.
    const long whole = std::lround(std::min(seconds, 1e12));
    return fmt::format("{}{:02}:{:02}:{:02}", duration.starts_with('-') ? "-" : "", whole / 3600, whole / 60 % 60,
                       whole % 60);
}

// Rounded as the sheet shows it, over midnight and the year's end (tests/source/workbook/ods_values_test.cpp).
std::string rounded_moment(const std::string& moment) {
    const std::size_t point = moment.find_first_of(".,");
    if (point == std::string::npos) {
        return moment;
    }
    std::tm time{};
    std::string whole = moment.substr(0, point);
    const char* end = strptime(whole.c_str(), "%Y-%m-%dT%H:%M:%S", &time);
    const bool is_up = point + 1 < moment.size() && moment[point + 1] >= '5';
    if (!is_up || end == nullptr || *end != '\0') {
        return whole;
    }
    const std::chrono::sys_seconds next(std::chrono::seconds(timegm(&time) + 1));
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}", next);
}

}  // namespace baseload
