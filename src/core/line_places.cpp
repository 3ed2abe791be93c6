#include "baseload/core/line_places.hpp"

#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace baseload {

void line_places::begin_file(std::uint64_t last_line, std::string file) {
    files_.push_back({last_line, std::move(file)});
}

source_line line_places::at(std::uint64_t line) const {
    // The last file that begins before the line. The first begins before every line.
    const auto behind = std::find_if(files_.begin() + 1, files_.end(), [&](const part& p) { return p.before >= line; });
    const part& own = *(behind - 1);
    return {own.file, line - own.before};
}

std::string line_places::word(std::uint64_t line) const {
    const source_line own = at(line);
    return are_of_one_file() ? std::to_string(line) : fmt::format("{}:{}", own.file, own.line);
}

std::string line_places::text(std::uint64_t line) const {
    const source_line own = at(line);
    return fmt::format("{}, line {}", own.file, own.line);
}

std::string line_places::short_text(std::uint64_t line) const {
    return are_of_one_file() ? fmt::format("line {}", line) : text(line);
}

std::string few_names(const std::vector<std::string>& files) {
    constexpr std::size_t max_shown = 3;
    std::vector<std::string> shown = files;
    if (files.size() > max_shown) {
        shown.resize(max_shown);
        shown.push_back(counted(files.size() - max_shown, "more file"));
    }
    return listed(shown);
}

}  // namespace baseload
