#include "template_text.hpp"

#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace baseload {

tl::expected<std::vector<template_part>, std::string> parse_template(std::string_view pattern) {
    std::vector<template_part> parts;
    std::string literal;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const char c = pattern[at];
        if ((c == '{' || c == '}') && at + 1 < pattern.size() && pattern[at + 1] == c) {
            literal += c;
            ++at;
            // A second { before the } is a forgotten bracket. So a column with a brace in its name cannot be in a
            // template (mapping/suggestion.cpp keeps to that).
        } else if (c == '{') {
            const std::size_t close = pattern.find('}', at);
            if (close == std::string_view::npos || pattern.find('{', at + 1) < close) {
                return tl::unexpected(fmt::format("the template {} has a {{ without its }}", in_quotes(pattern)));
            }
            parts.push_back({std::exchange(literal, {}), false});
            parts.push_back({std::string(pattern.substr(at + 1, close - at - 1)), true});
            at = close;
            // A single } stands for itself.
        } else {
            literal += c;
        }
    }
    parts.push_back({std::move(literal), false});
    return parts;
}

}  // namespace baseload
