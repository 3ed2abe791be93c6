#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// The header's names, trimmed. Throws command_error(usage) for a blank or a repeated one. `source` and
// `line` are for messages.
[[nodiscard]] std::vector<std::string> checked_header(const std::vector<std::string_view>& cells,
                                                      const std::string& source, std::uint64_t line);

// The names of a source's columns that has no header: those given, or 1, 2, 3, … Throws
// command_error(usage) where another number of names is given than the first record has cells.
[[nodiscard]] std::vector<std::string> made_header(std::size_t columns, const std::vector<std::string>& given,
                                                   const std::string& source);

[[noreturn]] void refuse_empty_source(const std::string& source);

}  // namespace baseload
