#pragma once

#include "source/workbook/sheet_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace baseload {

// The rows that one piece of a document held, until they are taken; their memory is used again
// for the next piece's. A few bytes of a document can stand for gigabytes of cells, so it knows
// what no customers' sheet has.
class row_queue {
public:
    // `name` is what messages call the sheet.
    explicit row_queue(std::string name) : name_(std::move(name)) {}

    // Room for one more row, which counts only when `keep` is called.
    [[nodiscard]] sheet_row& open(std::uint64_t number) {
        if (count_ == rows_.size()) {
            rows_.emplace_back();
        }
        rows_[count_].clear(number);
        return rows_[count_];
    }

    // The open row; it stays one when the queue is refilled in the midst of it.
    [[nodiscard]] const sheet_row& current() const { return rows_[count_]; }

    // See sheet_row::add. Throws command_error(usage) when the row grows beyond measure.
    void add(std::size_t column, std::string_view text, bool is_text, cell_flaw flaw = cell_flaw::none);

    // Throws command_error(usage) when the sheet grows beyond measure.
    void keep();

    // Whether rows are to be taken before others come.
    [[nodiscard]] bool is_full() const { return count_ >= 64; }

    // The next row, or null when all are taken; then there is room for others.
    [[nodiscard]] const sheet_row* take() {
        if (taken_ < count_) {
            return &rows_[taken_++];
        }
        if (count_ < rows_.size()) {
            std::swap(rows_.front(), rows_[count_]);  // a row may be open
        }
        taken_ = count_ = 0;
        return nullptr;
    }

private:
    [[noreturn]] void refuse(const std::string& problem) const;

    std::string name_;
    std::vector<sheet_row> rows_;
    std::size_t count_ = 0;
    std::size_t taken_ = 0;
    std::uint64_t cells_ = 0;  // of all rows kept so far
    std::uint64_t bytes_ = 0;
};

}  // namespace baseload
