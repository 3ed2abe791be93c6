#include "baseload/core/duration.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

namespace baseload {

using std::chrono::milliseconds;

std::optional<milliseconds> parse_duration(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> units = {
        {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    // The bound keeps the product of number and unit far within 64 bits.
    if (error != std::errc{} || number < 0 || number > 1'000'000) {
        return std::nullopt;
    }
    const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
    for (const auto& [name, factor] : units) {
        if (unit == name) {
            return milliseconds(number * factor);
        }
    }
    return std::nullopt;
}

std::string show_duration(milliseconds d) {
    const auto seconds = d.count() / 1000;
    if (seconds == 0) {
        return fmt::format("{} ms", d.count());
    }
    if (seconds < 60) {
        return fmt::format("{} s", seconds);
    }
    if (seconds < 3600) {
        return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
    }
    return fmt::format("{} h {:02} min", seconds / 3600, seconds / 60 % 60);
}

std::string show_time(std::chrono::sys_time<milliseconds> t) {
    // Rounded down: of a time before 1970 a mere division would round up.
    const auto seconds = std::chrono::floor<std::chrono::seconds>(t);
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
}

std::string show_local_time(std::chrono::sys_time<milliseconds> t) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(t);
    const std::time_t time = std::chrono::system_clock::to_time_t(seconds);
    std::string text = fmt::format("{:%Y-%m-%d %H:%M:%S %z}", fmt::localtime(time));
    return text.insert(text.size() - 2, ":");  // +01:00, as the log has it, and not +0100
}

}  // namespace baseload
