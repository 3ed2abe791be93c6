#include "row_judge.hpp"

#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace baseload {

judged_row row_judge::judge(const record& row) const {
    judged_row judged;
    judged.mapped.faults = map_.check_shape(row);
    if (!judged.mapped.faults.empty()) {
        return judged;
    }
    judged.key = map_.key_of(row);
    judged.mapped = map_.map(row);
    if (judged.key.empty()) {
        fault blank = row_fault(row.line, "blank_key", "the key is blank", "give the row the key that it has for ever");
        blank.where.column = listed(job_.key.columns);
        judged.mapped.faults.insert(judged.mapped.faults.begin(), std::move(blank));
    }
    return judged;
}

std::vector<fault> row_judge::conflict(std::uint64_t line, std::string key) const {
    const auto found = found_.conflicts.find(key_hash(key));
    if (found == found_.conflicts.end()) {
        return {};
    }
    std::vector<std::string> lines;
    for (const std::uint64_t other : found->second) {
        lines.push_back(fmt::format("{}", other));
    }
    fault f = row_fault(line, "key_conflict", fmt::format("is the key of rows that differ (lines {})", listed(lines)),
                        "keep one of them");
    f.where.column = listed(job_.key.columns);
    f.found = std::move(key);
    return {std::move(f)};
}

fault row_judge::refused_before(std::uint64_t line, const refusal& why) const {
    return row_fault(line, why.code, "the service refused this row before: " + why.message,
                     "change the row, or run with --retry-rejected");
}

fault row_judge::nothing_to_send(std::uint64_t line) const {
    return row_fault(line, "nothing_to_send", "every mapped cell is blank, which makes no client",
                     "fill the row in, or take it out");
}

fault row_judge::row_fault(std::uint64_t line, std::string code, std::string problem, std::string remedy) const {
    return {.code = std::move(code),
            .where = {source_, line, {}},
            .found = {},
            .problem = std::move(problem),
            .remedy = std::move(remedy)};
}

}  // namespace baseload
