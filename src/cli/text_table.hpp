#pragma once

#include "baseload/core/text.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace baseload {

// Rows of cells in columns, two spaces apart, as wide as a terminal shows them.
inline std::string text_table(std::vector<std::vector<std::string>> rows) {
    std::vector<std::size_t> widths;
    for (auto& row : rows) {
        std::transform(row.begin(), row.end(), row.begin(), [](const std::string& cell) { return shown(cell); });
    }
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], display_width(row[i]));
        }
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            line.append(widths[i] - display_width(row[i]) + 2, ' ');
        }
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

}  // namespace baseload
