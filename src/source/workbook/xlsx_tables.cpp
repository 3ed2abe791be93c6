#include "source/workbook/xlsx_tables.hpp"

#include "baseload/core/command_error.hpp"

#include <fmt/format.h>

#include <charconv>

namespace baseload {

// Index from 0, and checked: a workbook may be broken or made to harm.
std::string_view xlsx_tables::shared_string(std::string_view index) const {
    const auto number = parse_index(index);
    if (!number || *number >= strings.size()) {
        refuse_broken_workbook(workbook, fmt::format("a cell has the text number {}, of {}", index, strings.size()));
    }
    return strings.at(*number);
}

// Style 0 of a workbook without styles is what some writers give every cell.
const number_format& xlsx_tables::format(std::string_view style) const {
    static const number_format plain;
    if (style.empty() || (style == "0" && formats.empty())) {
        return plain;
    }
    const auto number = parse_index(style);
    if (!number || *number >= formats.size()) {
        refuse_broken_workbook(workbook, fmt::format("a cell has the style number {}, of {}", style, formats.size()));
    }
    return formats[*number];
}

// from_chars accepts a sign for no unsigned number, so digits are all that passes.
std::optional<std::size_t> parse_index(std::string_view text) {
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(index) : std::nullopt;
}

void refuse_broken_workbook(const std::string& workbook, const std::string& problem) {
    throw command_error(exit_code::usage,
                        fmt::format("{}: is a broken workbook ({}); open it in Excel or LibreOffice and save it anew",
                                    workbook, problem));
}

}  // namespace baseload
