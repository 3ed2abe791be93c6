#pragma once

#include "source/workbook/number_format.hpp"
#include "source/workbook/shared_strings.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// What the cells of an .xlsx workbook refer to by number: texts, number formats, the day from which dates count. The
// book fills it; every reader of a sheet looks things up in it.
struct xlsx_tables {
    std::string workbook;  // its name, for messages
    std::vector<number_format> formats;
    shared_strings strings;
    bool since_1904 = false;

    // Both throw command_error(usage) for a number that leads nowhere.
    [[nodiscard]] std::string_view shared_string(std::string_view index) const;
    [[nodiscard]] const number_format& format(std::string_view style) const;
};

// A number from 0 in decimal digits alone; nothing for any other text.
[[nodiscard]] std::optional<std::size_t> parse_index(std::string_view text);

// Throws command_error(usage): the workbook is broken, and why.
[[noreturn]] void refuse_broken_workbook(const std::string& workbook, const std::string& problem);

}  // namespace baseload
