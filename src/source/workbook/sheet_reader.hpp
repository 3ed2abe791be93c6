#pragma once

#include "baseload/core/record.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace baseload {

// One row of a sheet. Its cells' texts stand one behind the other, so that a row that is used
// again for the next costs no allocation.
class sheet_row {
public:
    struct cell {
        std::size_t begin = 0;
        std::size_t length = 0;
        bool is_text = false;  // a person typed it as text; numbers and dates are none
        cell_flaw flaw = cell_flaw::none;
    };

    std::uint64_t number = 0;   // from 1
    std::uint64_t repeats = 1;  // so many equal rows follow each other from here on
    bool hidden = false;

    void clear(std::uint64_t row_number) {
        number = row_number;
        repeats = 1;
        hidden = false;
        texts_.clear();
        cells_.clear();
    }

    // The cell at `column` (from 0), all blank ones before it added. Precondition: the columns
    // come in ascending order.
    void add(std::size_t column, std::string_view text, bool is_text, cell_flaw flaw = cell_flaw::none) {
        cells_.resize(column);
        cells_.push_back({texts_.size(), text.size(), is_text, flaw});
        texts_ += text;
    }

    [[nodiscard]] std::size_t size() const { return cells_.size(); }
    [[nodiscard]] std::size_t bytes() const { return texts_.size(); }
    [[nodiscard]] const cell& at(std::size_t column) const { return cells_[column]; }
    [[nodiscard]] std::string_view text(std::size_t column) const {
        return column < cells_.size() ? std::string_view(texts_).substr(cells_[column].begin, cells_[column].length)
                                      : std::string_view{};
    }

private:
    std::string texts_;
    std::vector<cell> cells_;
};

struct sheet_info {
    std::string name;
    bool hidden = false;
};

// Cells that are shown as one: a person sees the value of the first alone.
struct merged_cells {
    std::string place;           // "A5:A7"
    std::uint64_t last_row = 0;  // from 1
};

// One pass over a sheet's rows, from the top. Rows without any cell are left out.
class sheet_reader {
public:
    virtual ~sheet_reader() = default;

    // Null at the end; else it lives until the next call. Throws command_error(usage) for a broken file.
    [[nodiscard]] virtual const sheet_row* next() = 0;

    // After the last row, since .xlsx names them there: the first thousand.
    [[nodiscard]] const std::vector<merged_cells>& merged() const { return merged_; }

protected:
    void add_merged(merged_cells cells) {
        if (merged_.size() < max_merged) {
            merged_.push_back(std::move(cells));
        }
    }

private:
    static constexpr std::size_t max_merged = 1'000;

    std::vector<merged_cells> merged_;
};

// What Excel allows a sheet; more is a lie or a bomb.
inline constexpr std::uint64_t max_sheet_rows = 1'048'576;
inline constexpr std::size_t max_sheet_columns = 16'384;

// In bytes. Excel allows a cell 32,767 characters, LibreOffice some more.
inline constexpr std::size_t max_cell = std::size_t{256} << 10U;

}  // namespace baseload
