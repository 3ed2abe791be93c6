#include "source/workbook/row_queue.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

namespace baseload {
namespace {

// 16,384 cells of 128 bytes each: far above any customers' sheet.
constexpr std::size_t max_row = std::size_t{2} << 20U;
// Blank cells before the last one of a row count as well, since each takes memory in sheet_row.
constexpr std::uint64_t max_cells = 250'000'000;
constexpr std::uint64_t max_bytes = std::uint64_t{4} << 30U;

}  // namespace

void row_queue::add(std::size_t column, std::string_view text, bool is_text, cell_flaw flaw) {
    // The open row. keep() alone makes it one of the sheet's.
    sheet_row& row = rows_[count_];
    if (row.bytes() + text.size() > max_row) {
        refuse(fmt::format("row {} holds more than {} MiB of text", row.number, max_row >> 20U));
    }
    row.add(column, text, is_text, flaw);
}

void row_queue::keep() {
    const sheet_row& row = rows_[count_];
    // By the repeats, though repeated rows are stored once: the importer reads each of them.
    cells_ += row.size() * row.repeats;
    bytes_ += row.bytes() * row.repeats;
    if (cells_ > max_cells) {
        refuse(fmt::format("up to row {} it has more than {} cells, blank ones before the last of a row counted",
                           row.number, grouped(max_cells)));
    }
    if (bytes_ > max_bytes) {
        refuse(fmt::format("up to row {} it holds more than {} GiB of text", row.number, max_bytes >> 30U));
    }
    ++count_;
}

void row_queue::refuse(const std::string& problem) const {
    throw command_error(exit_code::usage,
                        fmt::format("{}: {}; take out what is no customer, or save the sheet as CSV", name_, problem));
}

}  // namespace baseload
