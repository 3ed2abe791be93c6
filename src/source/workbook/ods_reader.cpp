#include "source/workbook/ods_reader.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
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
    if (repeated_ != nullptr && handed_out_ < repeated_->repeats) {
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
    if (aside_depth_ > 0 || element == "annotation" || element == "table" || element == "frame" || element == "g" ||
        element == "custom-shape" || element == "line" || element == "rect" || element == "control") {
        ++aside_depth_;
    } else if (element == "p") {
        if (paragraphs_++ > 0) {
            append("\n");
        }
        ++paragraph_depth_;
    } else if (element == "s") {
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

void ods_reader::text(std::string_view piece) {
    if (in_cell_ && aside_depth_ == 0 && paragraph_depth_ > 0) {
        append(piece);
    }
}

void ods_reader::append(std::string_view piece) {
    if (text_.size() + piece.size() > max_cell) {
        refuse(fmt::format("a cell of row {} has more than {} bytes", row_number_, grouped(max_cell)));
    }
    text_ += piece;
}

void ods_reader::begin_row(const xml_attributes& attributes) {
    row_number_ += row_repeats_;
    row_repeats_ = repeats(attributes, "number-rows-repeated", max_sheet_rows);
    in_row_ = true;
    column_ = 0;
    sheet_row& row = rows_.open(row_number_);
    row.hidden = attributes.get("visibility", "visible") != "visible";
    row.repeats = row_repeats_;
}

void ods_reader::begin_cell(bool covered, const xml_attributes& attributes) {
    in_cell_ = true;
    covered_ = covered;
    cell_repeats_ = repeats(attributes, "number-columns-repeated", max_sheet_columns);
    has_formula_ = !attributes.get("formula").empty();
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
    const bool is_error = is_error_ || (has_formula_ && (text_.starts_with("#") || text_.starts_with("Err:")));
    if (covered_) {
        // of merged cells, whose value is in the first
    } else if (is_error) {
        add_cells(text_, false, cell_flaw::error);
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
    const std::string plain =
        shown_number(number, {type_ == "percentage" ? number_kind::percent : number_kind::plain}, false);
    return is_in_places(text_, plain) ? text_ : plain;
}

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
