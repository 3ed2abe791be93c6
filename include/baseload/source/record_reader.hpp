#pragma once

#include "baseload/core/column_names.hpp"
#include "baseload/core/record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

// One pass over a source, whatever its format: the header, then a record a call.
// A source that is broken as a whole (not one row of it) ends in command_error(usage), with line
// and column.
class record_reader {
public:
    virtual ~record_reader() = default;

    [[nodiscard]] virtual const column_names& columns() const = 0;
    [[nodiscard]] const std::vector<std::string>& header() const { return columns().names; }

    // False at the end. The record's views live until the next call.
    [[nodiscard]] virtual bool next(record& into) = 0;

    // After the last record: what only a whole pass can tell, for people.
    [[nodiscard]] virtual std::vector<std::string> remarks() const { return {}; }

    // After the last record: its line, where that has no end, as where an export was cut off. A workbook has no such
    // lines.
    [[nodiscard]] virtual std::optional<std::uint64_t> open_end() const { return {}; }
};

}  // namespace baseload
