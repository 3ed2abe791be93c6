#pragma once

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// A part of a template: a text as it stands, or the name of a column.
struct template_part {
    std::string text;
    bool is_column = false;
};

// "{Imię} {Nazwisko}": names in braces are columns; "{{" and "}}" are the braces themselves.
// Returns what is wrong with a template that cannot be read.
[[nodiscard]] tl::expected<std::vector<template_part>, std::string> parse_template(std::string_view pattern);

}  // namespace baseload
