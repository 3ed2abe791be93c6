#pragma once

#include "baseload/core/record.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace baseload {

// Copies of the records that need more than a look, from the first pass: as long as they are few the source need not be
// read again for them.
class kept_records {
public:
    // False, and it keeps none at all, once they are too many.
    bool keep(std::size_t ordinal, const record& row);
    void give_up();

    [[nodiscard]] bool has_all() const { return !has_given_up_; }
    [[nodiscard]] std::size_t size() const { return records_.size(); }
    // By their order in the source, counted from 0.
    [[nodiscard]] std::size_t ordinal(std::size_t index) const { return records_[index].ordinal; }
    // Its views live as long as this, and until it is moved.
    [[nodiscard]] record at(std::size_t index) const;

private:
    struct kept {
        std::size_t ordinal = 0;
        std::uint64_t line = 0;
        std::string text;               // the cells, one behind the other, and the raw record
        std::vector<std::size_t> ends;  // of the cells in it
        std::vector<flawed_cell> flaws;
    };

    std::vector<kept> records_;
    std::size_t bytes_ = 0;
    bool has_given_up_ = false;
};

}  // namespace baseload
