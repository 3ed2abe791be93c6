#include "baseload/survey/kept_records.hpp"

#include <string_view>
#include <utility>

namespace baseload {
namespace {

// Some five thousand customers, more than most nights change; a bound on memory for what is larger.
constexpr std::size_t max_bytes = std::size_t{4} * 1024 * 1024;

}  // namespace

bool kept_records::keep(std::size_t ordinal, const record& row) {
    // Some rows alone are of no use: for one that is missing the source must be read again anyway.
    if (has_given_up_) {
        return false;
    }
    kept copy{.ordinal = ordinal, .line = row.line, .text = {}, .ends = {}, .flaws = row.flaws};
    // One text and the cells' ends in place of a string for each cell: most cells are short, and their strings would be
    // larger than they are.
    copy.ends.reserve(row.cells.size());
    for (const std::string_view cell : row.cells) {
        copy.text += cell;
        copy.ends.push_back(copy.text.size());
    }
    copy.text += row.raw;
    // About what it takes; flaws are rare and are not counted.
    bytes_ += sizeof copy + copy.text.size() + copy.ends.size() * sizeof copy.ends[0];
    if (bytes_ > max_bytes) {
        give_up();
        return false;
    }
    records_.push_back(std::move(copy));
    return true;
}

void kept_records::give_up() {
    has_given_up_ = true;
    // clear() would keep the memory; the swap gives it back (std::vector::clear leaves the capacity).
    std::vector<kept>().swap(records_);
}

record kept_records::at(std::size_t index) const {
    const kept& copy = records_[index];
    const std::string_view text = copy.text;
    record row{.line = copy.line, .cells = {}, .raw = {}, .flaws = copy.flaws};
    std::size_t begin = 0;
    for (const std::size_t end : copy.ends) {
        row.cells.push_back(text.substr(begin, end - begin));
        begin = end;
    }
    // What lies behind the last cell is the raw record.
    row.raw = text.substr(begin);
    return row;
}

}  // namespace baseload
