#pragma once

#include "baseload/core/fault.hpp"
#include "baseload/core/line_places.hpp"
#include "baseload/core/record.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// A record that was not taken in, with all that is wrong with it.
struct rejection {
    std::uint64_t line = 0;
    std::vector<std::string> cells;  // as read
    std::vector<fault> faults;       // at least one
    std::string file = {};           // whose line it is, where the source consists of several
};

// The same for people: with the file's own line, where several files are read as one source.
[[nodiscard]] inline rejection placed(rejection r, const line_places& places) {
    if (places.are_of_one_file()) {
        return r;
    }
    const source_line own = places.at(r.line);
    r.line = own.line;
    r.file = own.file;
    for (fault& f : r.faults) {
        f.where.source = own.file;
        f.where.line = own.line;
    }
    return r;
}

// What stands behind the text of a flawed cell in a rejects file, so that a cell that nobody
// corrected is a fault again when the file is loaded.
inline constexpr std::string_view mark_of_flaw = " (error)";

// The record's cells as a rejects file has them.
[[nodiscard]] inline std::vector<std::string> cells_to_correct(const record& row) {
    std::vector<std::string> cells(row.cells.begin(), row.cells.end());
    for (const flawed_cell& flawed : row.flaws) {
        std::string& text = cells[flawed.column];
        text = (text.empty() ? "#FORMULA" : text) + std::string(mark_of_flaw);
    }
    return cells;
}

// The same, kept small until somebody asks: most rows are never rejected.
class kept_cells {
public:
    kept_cells() = default;
    explicit kept_cells(const record& row) {
        if (!row.flaws.empty()) {
            corrected_ = cells_to_correct(row);
            return;
        }
        ends_.reserve(row.cells.size());
        for (const std::string_view cell : row.cells) {
            text_ += cell;
            ends_.push_back(text_.size());
        }
    }

    [[nodiscard]] std::vector<std::string> cells() const {
        std::vector<std::string> cells = corrected_;
        std::size_t begin = 0;
        for (const std::size_t end : ends_) {
            cells.push_back(text_.substr(begin, end - begin));
            begin = end;
        }
        return cells;
    }

private:
    std::string text_;
    std::vector<std::size_t> ends_;
    std::vector<std::string> corrected_;  // in place of both, where a cell is flawed
};

// What a rejects file has behind the source's own columns.
inline constexpr std::array<std::string_view, 3> rejection_columns = {"line", "code", "message"};

// The sheet of a rejects file that is a workbook, by which it is known again.
inline constexpr std::string_view rejects_sheet = "baseload rejects";

// And before these, where the source consists of several files. Marked, since many tables have a column "file".
inline constexpr std::string_view file_column = "baseload_file";

// Before a reason's name where the source has a column of that name itself.
inline constexpr std::string_view mark_of_reason = "baseload_";

[[nodiscard]] inline bool is_reason(std::string_view column, std::string_view reason) {
    while (column.starts_with(mark_of_reason)) {
        column.remove_prefix(mark_of_reason.size());
    }
    return column == reason;
}

// Whether a source is such a file, corrected perhaps: then it is a part of an earlier source, and the guards of whole
// sources and [missing] are not for it.
[[nodiscard]] inline bool is_rejects_header(const std::vector<std::string>& header) {
    return header.size() > rejection_columns.size() &&
           std::equal(header.end() - rejection_columns.size(), header.end(), rejection_columns.begin(), is_reason);
}

}  // namespace baseload
