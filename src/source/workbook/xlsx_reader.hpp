#pragma once

#include "source/workbook/row_queue.hpp"
#include "source/workbook/sheet_reader.hpp"
#include "source/workbook/xlsx_tables.hpp"
#include "source/workbook/xml_parser.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace baseload {

// The rows of one sheet of an .xlsx workbook (ECMA-376 part 1, 18.3.1), as they are read.
class xlsx_reader final : public sheet_reader, private xml_handler {
public:
    // `name` is what messages call the sheet's part. Keeps a reference to the tables.
    xlsx_reader(const xlsx_tables& tables, std::unique_ptr<byte_stream> bytes, std::string name);

    [[nodiscard]] const sheet_row* next() override;

private:
    void begin(std::string_view element, const xml_attributes& attributes) override;
    void end(std::string_view element) override;
    void text(std::string_view piece) override;
    [[nodiscard]] bool is_full() const override { return rows_.is_full(); }

    void begin_merge(std::string_view place);
    void begin_row(const xml_attributes& attributes);
    void begin_cell(const xml_attributes& attributes);
    void end_cell();
    [[nodiscard]] double number() const;
    [[nodiscard]] std::size_t column_of(std::string_view reference) const;
    [[noreturn]] void refuse(const std::string& problem) const;

    const xlsx_tables& tables_;
    std::string name_;
    row_queue rows_;
    xml_parser parser_;
    bool in_data_ = false;
    bool in_row_ = false;
    bool in_cell_ = false;
    bool in_value_ = false;  // within <v>, or within <t> of a cell's own text
    bool phonetic_ = false;
    std::uint64_t row_number_ = 0;
    std::size_t column_ = 0;  // of the open cell, or the next one's
    std::string type_;        // of the open cell
    std::string style_;
    std::string value_;
    bool has_value_ = false;
    bool has_formula_ = false;
};

}  // namespace baseload
