#pragma once

#include "source/workbook/row_queue.hpp"
#include "source/workbook/sheet_reader.hpp"
#include "source/workbook/xml_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace baseload {

// The rows of one sheet of an .ods workbook (OpenDocument 1.3 part 3, 9.1), as they are read.
class ods_reader final : public sheet_reader, private xml_handler {
public:
    // `name` is what messages call the document; `sheet` counts from 0.
    ods_reader(std::unique_ptr<byte_stream> bytes, std::string name, std::size_t sheet);

    [[nodiscard]] const sheet_row* next() override;

private:
    void begin(std::string_view element, const xml_attributes& attributes) override;
    void end(std::string_view element) override;
    void text(std::string_view piece) override;
    [[nodiscard]] bool is_full() const override { return rows_.is_full(); }

    void begin_table();
    void begin_row(const xml_attributes& attributes);
    void begin_cell(bool covered, const xml_attributes& attributes);
    void begin_within_cell(std::string_view element, const xml_attributes& attributes);
    void end_cell();
    void end_row();
    void add_cells(std::string_view text, bool is_text, cell_flaw flaw);
    void append(std::string_view piece);
    [[nodiscard]] std::string shown_value() const;
    [[nodiscard]] std::uint64_t repeats(const xml_attributes& attributes, std::string_view name,
                                        std::uint64_t most) const;
    [[noreturn]] void refuse(const std::string& problem) const;

    std::string name_;
    std::size_t sheet_;
    row_queue rows_;
    xml_parser parser_;
    std::size_t tables_ = 0;  // begun so far
    int table_depth_ = 0;     // a cell may hold a table of its own
    bool in_row_ = false;
    bool in_cell_ = false;
    int aside_depth_ = 0;  // within notes and drawings of a cell, which are not its text
    int paragraphs_ = 0;   // of the cell
    int paragraph_depth_ = 0;
    std::uint64_t row_number_ = 0;   // of the open row
    std::uint64_t row_repeats_ = 1;  // the first row is 1
    std::size_t column_ = 0;
    std::size_t cell_repeats_ = 1;
    bool covered_ = false;
    std::string type_;  // of the open cell: float, date, …; "" for none
    std::string value_;
    std::string text_;  // as it is shown
    bool has_formula_ = false;
    bool is_error_ = false;
    const sheet_row* repeated_ = nullptr;
    std::uint64_t handed_out_ = 0;  // of the repeated row
    sheet_row copy_;
};

}  // namespace baseload
