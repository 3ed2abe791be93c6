#include "baseload/survey/row_validator.hpp"

#include "baseload/core/text.hpp"
#include "baseload/journal/client_memory.hpp"

#include <fmt/format.h>

#include <utility>

namespace baseload {

validated_row row_validator::validate(const record& row) const {
    validated_row validated;
    validated.mapped.faults = map_.check_shape(row);
    // Of a row with too few or too many cells nobody knows which cell is which: nothing else is said of it.
    if (!validated.mapped.faults.empty()) {
        return validated;
    }
    validated.key = map_.key_of(row);
    validated.mapped = map_.map(row);
    // In front of the faults of the fields, which are shown too: one correction then puts all of them right.
    if (validated.key.empty()) {
        fault blank =
            row_fault(row.line, fault_code::blank_key, "the key is blank", "give the row the key that it has for ever");
        blank.where.column = listed(job_.key.columns);
        validated.mapped.faults.insert(validated.mapped.faults.begin(), std::move(blank));
    }
    return validated;
}

std::vector<fault> row_validator::conflict(std::uint64_t line, std::string key) const {
    const auto found = found_.conflicts.find(key_hash(key));
    if (found == found_.conflicts.end()) {
        return {};
    }
    std::vector<std::string> lines;
    for (const std::uint64_t other : found->second.lines) {
        lines.push_back(places_->word(other));
    }
    // The first pass keeps ten lines of a conflict (max_conflict_lines), and counts them all.
    if (const std::uint64_t more = found->second.rows - found->second.lines.size(); more > 0) {
        lines.push_back(fmt::format("{} more", grouped(more)));
    }
    std::vector<std::string> columns;
    for (const std::string& column : found->second.columns) {
        columns.push_back(in_quotes(column));
    }
    fault f = row_fault(line, fault_code::key_conflict,
                        fmt::format("is the key of rows that differ{} (lines {})",
                                    columns.empty() ? "" : " in " + listed(columns), listed(lines)),
                        "keep one of them");
    f.where.column = listed(job_.key.columns);
    f.found = std::move(key);
    return {std::move(f)};
}

std::vector<fault> row_validator::held_back(std::uint64_t line, std::string key) const {
    // By the line and not by the key: two rows may have keys that are alike, and each has its own entry.
    const auto known = found_.held_back.find(line);
    if (known == found_.held_back.end()) {
        return {};
    }
    fault f =
        row_fault(line, fault_code::key_form,
                  fmt::format("is a new key that differs only by its form from {}, a customer whom no row has: it "
                              "was held back, or that customer would be made again",
                              in_quotes(known->second)),
                  "write the key as it was before, or say --new-keys when it is another customer");
    f.where.column = listed(job_.key.columns);
    f.found = std::move(key);
    return {std::move(f)};
}

std::vector<fault> row_validator::duplicate(std::uint64_t line, std::string key) const {
    const auto found = found_.duplicates.find(line);
    if (found == found_.duplicates.end()) {
        return {};
    }
    fault f = row_fault(line, fault_code::duplicate_customer,
                        fmt::format("is the key of a customer whom {} has too, it seems: they share {}",
                                    places_->short_text(found->second.other_line), listed(found->second.fields)),
                        "merge the two rows, or set [key] duplicates = \"warn\" if they are two customers");
    f.where.column = listed(job_.key.columns);
    f.found = std::move(key);
    return {std::move(f)};
}

fault row_validator::refused_before(std::uint64_t line, const refusal& why) const {
    fault f = row_fault(line, fault_code::refused_by_service, "the service refused this row before: " + why.message,
                        "change the row, or run with --retry-rejected");
    // The service's code, so that scripts can tell one refusal from another.
    f.service_code = why.code;
    return f;
}

fault row_validator::nothing_to_send(std::uint64_t line) const {
    return row_fault(line, fault_code::nothing_to_send, "every mapped cell is blank, which makes no client",
                     "fill the row in, or take it out");
}

fault row_validator::row_fault(std::uint64_t line, fault_code code, std::string problem, std::string remedy) const {
    return {.code = code,
            .where = {places_->at(line).file, line, {}},
            .found = {},
            .problem = std::move(problem),
            .remedy = std::move(remedy)};
}

}  // namespace baseload
