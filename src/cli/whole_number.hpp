#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace baseload {

// Digits alone, and nothing else.
[[nodiscard]] inline std::optional<std::uint64_t> whole_number(const std::string& text) {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [behind, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && behind == end ? std::optional(number) : std::nullopt;
}

}  // namespace baseload
