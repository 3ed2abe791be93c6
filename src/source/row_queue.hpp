#pragma once

#include "sheet_reader.hpp"

#include <cstddef>
#include <vector>

namespace baseload {

// The rows that one piece of a document held, until they are taken; their memory is used again
// for the next piece's.
class row_queue {
public:
    // Room for one more row, which counts only when `keep` is called.
    [[nodiscard]] sheet_row& open(std::uint64_t number) {
        if (count_ == rows_.size()) {
            rows_.emplace_back();
        }
        rows_[count_].clear(number);
        return rows_[count_];
    }

    // The open row; it stays one when the queue is refilled in the midst of it.
    [[nodiscard]] sheet_row& current() { return rows_[count_]; }

    void keep() { ++count_; }

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
    std::vector<sheet_row> rows_;
    std::size_t count_ = 0;
    std::size_t taken_ = 0;
};

}  // namespace baseload
