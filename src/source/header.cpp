#include "source/header.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace baseload {

std::string column_letters(std::size_t column) {
    std::string letters;
    for (++column; column > 0; column = (column - 1) / 26) {
        letters.insert(letters.begin(), static_cast<char>('A' + (column - 1) % 26));
    }
    return letters;
}

column_names names_of_header(const std::vector<std::string_view>& cells) {
    column_names header;
    // What the header says itself is taken: a name that is made up must not be that of a later column.
    std::set<std::string, std::less<>> taken;
    std::map<std::string, std::size_t> counts;
    for (const std::string_view cell : cells) {
        const std::string_view name = trimmed(cell);
        taken.emplace(name);
        ++counts[std::string(name)];
    }
    std::map<std::string, std::size_t> met;
    for (std::size_t column = 0; column < cells.size(); ++column) {
        std::string name(trimmed(cells[column]));
        // A job names a column on one line.
        std::replace(name.begin(), name.end(), '\n', ' ');
        std::size_t number = ++met[name];
        if (name.empty()) {
            // ERP exports end each line with a delimiter, and an index column has no name.
            name = "column " + column_letters(column);
            number = taken.contains(name) ? 2 : 1;
        } else if (number == 1 && counts[name] > 1) {
            header.repeated.push_back(name);
        }
        std::string own = number == 1 ? name : fmt::format("{} ({})", name, number);
        while (number > 1 && !taken.insert(own).second) {
            own = fmt::format("{} ({})", name, ++number);
        }
        header.names.push_back(std::move(own));
    }
    return header;
}

// Precondition: `columns` is the number of cells of the first record, which is a customer already.
column_names made_header(std::size_t columns, const std::vector<std::string>& given, const std::string& source) {
    if (!given.empty() && given.size() != columns) {
        throw command_error(exit_code::usage,
                            fmt::format("{}: [source] header names {}, and the first record has {}; name each "
                                        "column once",
                                        source, counted(given.size(), "column"), counted(columns, "cell")));
    }
    if (!given.empty()) {
        return names_of_header({given.begin(), given.end()});
    }
    column_names header;
    for (std::size_t number = 1; number <= columns; ++number) {
        header.names.push_back(std::to_string(number));
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
