#include "source/workbook/xlsx_reader.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <utility>

namespace baseload {
xlsx_reader::xlsx_reader(const xlsx_tables& tables, std::unique_ptr<byte_stream> bytes, std::string name)
    : tables_(tables), name_(std::move(name)), rows_(name_), parser_(std::move(bytes), name_, *this) {}

const sheet_row* xlsx_reader::next() {
    const sheet_row* row = rows_.take();
    while (row == nullptr) {
        const bool more = parser_.read_more();
        row = rows_.take();
        if (row == nullptr && !more) {
            return nullptr;
        }
    }
    return row;
}

void xlsx_reader::begin(std::string_view element, const xml_attributes& attributes) {
    // Most elements of a sheet are cells, so they are asked for first.
    if (element == "c" && in_row_) {
        begin_cell(attributes);
    } else if (element == "row" && in_data_) {
        begin_row(attributes);
    } else if (element == "sheetData") {
        in_data_ = true;
    } else if (element == "mergeCell") {
        begin_merge(attributes.get("ref"));
    } else if (in_cell_ && element == "v") {
        // Beside a text of its own a cell may have a number, which nobody sees (18.18.11, inlineStr).
        in_value_ = type_ != "inlineStr";
        has_value_ = true;
        // A formula's own text is not read: only whether there is one, and what it gave.
    } else if (in_cell_ && element == "f") {
        has_formula_ = true;
        // See shared_strings: reading aids are no text.
    } else if (in_cell_ && element == "rPh") {
        phonetic_ = true;
    } else if (in_cell_ && element == "t" && !phonetic_) {
        in_value_ = type_ == "inlineStr";
        has_value_ = has_value_ || in_value_;
    }
}

void xlsx_reader::end(std::string_view element) {
    if (element == "v" || element == "t") {
        in_value_ = false;
    } else if (element == "c" && in_cell_) {
        end_cell();
    } else if (element == "row" && in_row_) {
        in_row_ = false;
        // Rows that are only formatted have no cells with content.
        if (rows_.current().size() > 0) {
            rows_.keep();
        }
    } else if (element == "rPh") {
        phonetic_ = false;
    } else if (element == "sheetData") {
        in_data_ = false;
    }
}

void xlsx_reader::text(std::string_view piece) {
    if (in_value_) {
        if (value_.size() + piece.size() > max_cell) {
            refuse(fmt::format("a cell of row {} has more than {} bytes", row_number_, grouped(max_cell)));
        }
        value_ += piece;
    }
}

void xlsx_reader::begin_row(const xml_attributes& attributes) {
    // Numbers and references may be left out (18.3.1.73, 18.3.1.4): then each follows the one before.
    std::uint64_t number = row_number_ + 1;
    if (const std::string_view given = attributes.get("r"); !given.empty()) {
        const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
        // Ascending, as the lines of every source are (src/README.md, "A source format").
        if (error != std::errc{} || end != given.data() + given.size() || number <= row_number_) {
            refuse(fmt::format("after row {} comes row {}", row_number_, given));
        }
    }
    if (number > max_sheet_rows) {
        refuse(fmt::format("it has a row {}, and a sheet has {}", number, grouped(max_sheet_rows)));
    }
    row_number_ = number;
    column_ = 0;
    in_row_ = true;
    const std::string_view hidden = attributes.get("hidden");
    rows_.open(number).hidden = hidden == "1" || hidden == "true";
}

void xlsx_reader::begin_cell(const xml_attributes& attributes) {
    if (const std::string_view reference = attributes.get("r"); !reference.empty()) {
        const std::size_t column = column_of(reference);
        if (column < column_) {
            refuse(fmt::format("in row {} the cell {} stands behind its place", row_number_, reference));
        }
        column_ = column;
    }
    if (column_ >= max_sheet_columns) {
        refuse(fmt::format("row {} has more than {} cells", row_number_, grouped(max_sheet_columns)));
    }
    type_ = attributes.get("t", "n");
    style_ = attributes.get("s");
    value_.clear();
    in_cell_ = true;
    has_value_ = has_formula_ = false;
}

// "A5:B7". What is none is passed over: it concerns no value.
void xlsx_reader::begin_merge(std::string_view place) {
    const std::size_t digits = place.find_last_not_of("0123456789") + 1;
    std::uint64_t last_row = 0;
    const auto [end, error] = std::from_chars(place.data() + digits, place.data() + place.size(), last_row);
    if (error == std::errc{} && end == place.data() + place.size()) {
        add_merged({std::string(place), last_row});
    }
}

// "AB12" is column 27, from 0.
std::size_t xlsx_reader::column_of(std::string_view reference) const {
    std::size_t column = 0;
    std::size_t letters = 0;
    // Three letters are the most that a sheet has (XFD); the fourth is read to see that it is too many.
    for (; letters < reference.size() && reference[letters] >= 'A' && reference[letters] <= 'Z' && letters < 4;
         ++letters) {
        column = column * 26 + static_cast<std::size_t>(reference[letters] - 'A') + 1;
    }
    if (letters == 0 || column > max_sheet_columns) {
        refuse(fmt::format("row {} has a cell {}", row_number_, in_quotes(reference)));
    }
    return column - 1;
}

void xlsx_reader::end_cell() {
    in_cell_ = false;
    // Types: s shared, inlineStr and str texts, e error, b truth, d ISO 8601, n number (18.18.11).
    if (type_ == "s" && has_value_ && !value_.empty()) {
        rows_.add(column_, tables_.shared_string(value_), true);
    } else if (type_ == "inlineStr" || type_ == "str") {
        unescape_text(value_);
        rows_.add(column_, value_, true, has_formula_ && !has_value_ ? cell_flaw::no_value : cell_flaw::none);
        // A formula that gives no text still has <v/> when it was calculated.
    } else if (value_.empty()) {
        if (has_formula_) {
            rows_.add(column_, {}, false, cell_flaw::no_value);
        }
    } else if (type_ == "e") {
        rows_.add(column_, value_, false, cell_flaw::error);
    } else if (type_ == "b") {
        rows_.add(column_, value_ == "0" ? "FALSE" : "TRUE", false);
    } else if (type_ == "d") {
        // A whole day shows no time; other moments only lose fractions of a second.
        const bool is_day = tables_.format(style_).kind == number_kind::date;
        rows_.add(column_, std::string_view(value_).substr(0, value_.find_first_of(is_day ? "T." : ".")), false);
    } else {
        const double value = number();
        rows_.add(column_, shown_number(value, tables_.format(style_), tables_.since_1904), false,
                  flaw_of_number(value));
    }
    ++column_;
}

// from_chars knows no locale: a decimal comma of the machine's would cut numbers.
double xlsx_reader::number() const {
    double value = 0;
    const auto [end, error] = std::from_chars(value_.data(), value_.data() + value_.size(), value);
    if (error != std::errc{} || end != value_.data() + value_.size() || !std::isfinite(value)) {
        refuse(fmt::format("row {} has a cell that should be a number and is {}", row_number_, in_quotes(value_)));
    }
    return value;
}

void xlsx_reader::refuse(const std::string& problem) const {
    throw command_error(exit_code::usage,
                        fmt::format("{}: is broken ({}); open the workbook in Excel or LibreOffice and save it "
                                    "anew",
                                    name_, problem));
}

}  // namespace baseload
