#include "source/workbook/ods_reader.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "source/header.hpp"
#include "source/workbook/number_format.hpp"
#include "source/workbook/ods_values.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace baseload {
ods_reader::ods_reader(std::unique_ptr<byte_stream> bytes, std::string name, std::size_t sheet)
    : name_(std::move(name)), sheet_(sheet), rows_(name_), parser_(std::move(bytes), name_, *this) {}

const sheet_row* ods_reader::next() {
    // Repeated rows are handed out without being stored: a few bytes may stand for a million of them.
    if (repeated_ != nullptr && handed_out_ < repeated_->repeats) {
        // The original belongs to rows_, and its number must stay as it was read.
        if (handed_out_ == 1) {
            copy_ = *repeated_;
        }
        ++copy_.number;
        ++handed_out_;
        return &copy_;
    }
    repeated_ = rows_.take();
    while (repeated_ == nullptr) {
        const bool more = parser_.read_more();
        repeated_ = rows_.take();
        if (repeated_ == nullptr && !more) {
            return nullptr;
        }
    }
    handed_out_ = 1;
    return repeated_;
}

void ods_reader::begin(std::string_view element, const xml_attributes& attributes) {
    if (in_cell_) {
        begin_within_cell(element, attributes);
    } else if (element == "table") {
        begin_table();
        // Other sheets, and tables inside of cells.
    } else if (table_depth_ != 1 || tables_ != sheet_ + 1) {
        return;
    } else if (element == "table-row") {
        begin_row(attributes);
    } else if (in_row_ && (element == "table-cell" || element == "covered-table-cell")) {
        begin_cell(element == "covered-table-cell", attributes);
    }
}

void ods_reader::begin_table() {
    tables_ += table_depth_ == 0 ? 1 : 0;
    ++table_depth_;
}

void ods_reader::begin_within_cell(std::string_view element, const xml_attributes& attributes) {
    // A note, a picture or a form is in the cell, but none of its text.
    if (aside_depth_ > 0 || element == "annotation" || element == "table" || element == "frame" || element == "g" ||
        element == "custom-shape" || element == "line" || element == "rect" || element == "control") {
        ++aside_depth_;
    } else if (element == "p") {
        if (paragraphs_++ > 0) {
            append("\n");
        }
        ++paragraph_depth_;
    } else if (element == "s") {
        // White space that XML would fold is written as <text:s c="3"/> (6.1.3).
        append(std::string(repeats(attributes, "c", max_cell), ' '));
    } else if (element == "tab") {
        append("\t");
    } else if (element == "line-break") {
        append("\n");
    }
}

void ods_reader::end(std::string_view element) {
    if (aside_depth_ > 0) {
        --aside_depth_;
    } else if (in_cell_) {
        if (element == "p") {
            --paragraph_depth_;
        } else if (element == "table-cell" || element == "covered-table-cell") {
            end_cell();
        }
    } else if (element == "table") {
        --table_depth_;
    } else if (element == "table-row" && in_row_) {
        end_row();
    }
}

// What stands between the paragraphs is the writer's line breaks.
void ods_reader::text(std::string_view piece) {
    if (in_cell_ && aside_depth_ == 0 && paragraph_depth_ > 0) {
        append(piece);
    }
}

// Kept small here already: <text:s> may stand for any number of spaces.
void ods_reader::append(std::string_view piece) {
    if (text_.size() + piece.size() > max_cell) {
        refuse(fmt::format("a cell of row {} has more than {} bytes", row_number_, grouped(max_cell)));
    }
    text_ += piece;
}

// Row numbers are not written; a row without cells counts with its repeats too.
void ods_reader::begin_row(const xml_attributes& attributes) {
    row_number_ += row_repeats_;
    row_repeats_ = repeats(attributes, "number-rows-repeated", max_sheet_rows);
    in_row_ = true;
    column_ = 0;
    sheet_row& row = rows_.open(row_number_);
    // Hidden by hand or by a filter ("collapse", "filter"); such rows are read, and counted for the preview.
    row.hidden = attributes.get("visibility", "visible") != "visible";
    row.repeats = row_repeats_;
}

void ods_reader::begin_cell(bool covered, const xml_attributes& attributes) {
    in_cell_ = true;
    covered_ = covered;
    cell_repeats_ = repeats(attributes, "number-columns-repeated", max_sheet_columns);
    has_formula_ = !attributes.get("formula").empty();
    const std::uint64_t rows = repeats(attributes, "number-rows-spanned", max_sheet_rows);
    const std::uint64_t columns = repeats(attributes, "number-columns-spanned", max_sheet_columns);
    if (rows > 1 || columns > 1) {
        add_merged({fmt::format("{}{}:{}{}", column_letters(column_), row_number_,
                                column_letters(column_ + columns - 1), row_number_ + rows - 1),
                    row_number_ + rows - 1});
    }
    // Later versions of LibreOffice say twice what a value is; the second word knows of errors.
    type_ = attributes.get("value-type");
    value_ = attributes.get(type_ == "date"      ? "date-value"
                            : type_ == "time"    ? "time-value"
                            : type_ == "boolean" ? "boolean-value"
                                                 : "value");
    is_error_ = attributes.has("value-type", "error");
    text_.clear();
    paragraphs_ = paragraph_depth_ = 0;
}

void ods_reader::end_cell() {
    in_cell_ = false;
    // Older versions have no word for errors, and show them as text: #REF!, Err:502.
    const bool is_error = is_error_ || (has_formula_ && (text_.starts_with("#") || text_.starts_with("Err:")));
    if (covered_) {
        // of merged cells, whose value is in the first; it keeps its place, or the cells behind it would move
    } else if (is_error) {
        add_cells(text_, false, cell_flaw::error);
        // A formula without a type was never calculated. A formula that gave an empty text has the type string.
    } else if (has_formula_ && type_.empty()) {
        add_cells({}, false, cell_flaw::no_value);
    } else if (type_.empty() || type_ == "string") {
        add_cells(text_, true, cell_flaw::none);
    } else {
        const std::string shown = shown_value();
        const bool is_number = type_ == "float" || type_ == "currency";
        add_cells(shown, false, is_number ? flaw_of_number(std::strtod(shown.c_str(), nullptr)) : cell_flaw::none);
    }
    column_ += cell_repeats_;
}

void ods_reader::add_cells(std::string_view shown, bool is_text, cell_flaw flaw) {
    // Blank cells up to the sheet's last column are usual, and repeated by the thousand: they cost nothing here.
    if (shown.empty() && flaw == cell_flaw::none) {
        return;
    }
    if (column_ + cell_repeats_ > max_sheet_columns) {
        refuse(fmt::format("row {} has more than {} cells", row_number_, grouped(max_sheet_columns)));
    }
    for (std::size_t i = 0; i < cell_repeats_; ++i) {
        rows_.add(column_ + i, shown, is_text, flaw);
    }
}

void ods_reader::end_row() {
    in_row_ = false;
    // Before the limit below: under a table there often is one blank row, repeated to the end of the sheet.
    if (rows_.current().size() == 0) {
        return;
    }
    if (row_number_ + row_repeats_ - 1 > max_sheet_rows) {
        refuse(fmt::format("it has a row {}, and a sheet has {}", row_number_ + row_repeats_ - 1,
                           grouped(max_sheet_rows)));
    }
    rows_.keep();
}

// A number, a date, a time or a truth as a person sees it.
std::string ods_reader::shown_value() const {
    if (type_ == "date") {
        return rounded_moment(value_);
    }
    if (type_ == "time") {
        return clock_time(value_);
    }
    if (type_ == "boolean") {
        return value_ == "true" ? "TRUE" : "FALSE";
    }
    double number = 0;
    const auto [end, error] = std::from_chars(value_.data(), value_.data() + value_.size(), number);
    if (error != std::errc{} || end != value_.data() + value_.size() || !std::isfinite(number)) {
        refuse(fmt::format("row {} has a cell that should be a number and is {}", row_number_, in_quotes(value_)));
    }
    // OpenDocument keeps the format apart from the cell; the text that it shows is the only trace of 00-950.
    const std::string plain =
        shown_number(number, {type_ == "percentage" ? number_kind::percent : number_kind::plain}, false);
    return is_in_places(text_, plain) ? text_ : plain;
}

// 1 when the document does not say. More than a sheet has is a lie or a bomb.
std::uint64_t ods_reader::repeats(const xml_attributes& attributes, std::string_view name, std::uint64_t most) const {
    const std::string_view given = attributes.get(name, "1");
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), count);
    if (error != std::errc{} || end != given.data() + given.size() || count == 0 || count > most) {
        refuse(fmt::format("something is repeated {} times", in_quotes(given)));
    }
    return count;
}

void ods_reader::refuse(const std::string& problem) const {
    throw command_error(
        exit_code::usage,
        fmt::format("{}: is broken ({}); open the workbook in LibreOffice and save it anew", name_, problem));
}

}  // namespace baseload
