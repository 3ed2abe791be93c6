#pragma once

#include "baseload/core/journal_entry.hpp"
#include "baseload/core/rejection.hpp"
#include "baseload/mapping/mapper.hpp"
#include "baseload/source/record_source.hpp"
#include "baseload/survey/survey.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace baseload {

// A row, mapped: what is wrong with it is in `mapped.faults`.
struct validated_row {
    std::string key;
    mapped_record mapped;
};

// What is wrong with rows, in words: the same for a run and for a rehearsal. Keeps references.
class row_validator {
public:
    row_validator(const settings& job, const record_source& source, const mapper& map, const survey& found)
        : job_(job), places_(source.places()), map_(map), found_(found) {}

    // Its shape, its key and its fields.
    [[nodiscard]] validated_row validate(const record& row) const;

    // Of a row that shares its key with others that differ; none when the first pass saw no such.
    [[nodiscard]] std::vector<fault> conflict(std::uint64_t line, std::string key) const;

    // Of a row whose key is like that of a known client which no row has; none when the first pass saw no such.
    [[nodiscard]] std::vector<fault> held_back(std::uint64_t line, std::string key) const;
    [[nodiscard]] std::vector<fault> duplicate(std::uint64_t line, std::string key) const;

    [[nodiscard]] fault refused_before(std::uint64_t line, const refusal& why) const;
    [[nodiscard]] fault nothing_to_send(std::uint64_t line) const;

private:
    [[nodiscard]] fault row_fault(std::uint64_t line, fault_code code, std::string problem, std::string remedy) const;

    const settings& job_;
    std::shared_ptr<const line_places> places_;
    const mapper& map_;
    const survey& found_;
};

}  // namespace baseload
