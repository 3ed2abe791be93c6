#include "source/header.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace baseload {

// Rules name columns, so each needs a name of its own. A guess would send one column's cells as another's.
std::vector<std::string> checked_header(const std::vector<std::string_view>& cells, const std::string& source,
                                        std::uint64_t line) {
    std::vector<std::string> header;
    std::map<std::string, std::size_t> seen;
    for (const std::string_view cell : cells) {
        std::string column(trimmed(cell));
        const std::size_t number = header.size() + 1;
        if (column.empty()) {
            throw command_error(exit_code::usage,
                                fmt::format("{}, line {}: column {} of the header has no name; give it one, "
                                            "or take the column out",
                                            source, line, number));
        }
        const auto [first, is_new] = seen.emplace(column, number);
        if (!is_new) {
            throw command_error(
                exit_code::usage,
                fmt::format("{}, line {}: columns {} and {} of the header are both named {}; give each a name "
                            "of its own",
                            source, line, first->second, number, in_quotes(column)));
        }
        header.push_back(std::move(column));
    }
    return header;
}

// Precondition: `columns` is the number of cells of the first record, which is a customer already.
std::vector<std::string> made_header(std::size_t columns, const std::vector<std::string>& given,
                                     const std::string& source) {
    if (!given.empty() && given.size() != columns) {
        throw command_error(exit_code::usage,
                            fmt::format("{}: [source] header names {}, and the first record has {}; name each "
                                        "column once",
                                        source, counted(given.size(), "column"), counted(columns, "cell")));
    }
    if (!given.empty()) {
        // Line 0, since these names stand in the job.
        return checked_header({given.begin(), given.end()}, source, 0);
    }
    std::vector<std::string> header;
    for (std::size_t number = 1; number <= columns; ++number) {
        header.push_back(std::to_string(number));
    }
    return header;
}

// An empty source is no source without customers: a run over it would find every client missing.
void refuse_empty_source(const std::string& source) {
    throw command_error(exit_code::usage,
                        fmt::format("{}: is empty; a header line with the columns' names and a line a "
                                    "customer are expected",
                                    source));
}

}  // namespace baseload
