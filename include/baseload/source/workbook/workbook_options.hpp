#pragma once

#include "baseload/source/header_options.hpp"

#include <optional>
#include <string>

namespace baseload {

// What somebody has said of a workbook; the rest is detected.
struct workbook_options {
    std::optional<std::string> sheet = {};  // its name, or its number from 1
    header_options header = {};
};

}  // namespace baseload
