#include "baseload/source/workbook/workbook_source.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/nearest.hpp"
#include "baseload/core/rejection.hpp"
#include "baseload/core/text.hpp"
#include "source/header.hpp"
#include "source/workbook/ods_book.hpp"
#include "source/workbook/sheet_header.hpp"
#include "source/workbook/workbook_reader.hpp"
#include "source/workbook/xlsx_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>

namespace baseload {
namespace {

constexpr std::size_t sampled_rows = 100;
// Excel allows 16,384; a stray cell in the last of them would make every row as wide.
constexpr std::size_t max_columns = 4'096;  // each row is padded to the header's
constexpr const char* ods_content = "content.xml";

bool has_part(const std::vector<std::string>& parts, const std::string& part) {
    const std::string lower = ascii_lower(part);
    return std::any_of(parts.begin(), parts.end(), [&](const std::string& name) { return ascii_lower(name) == lower; });
}

column_names names_of(const sheet_row& row, std::size_t columns) {
    std::vector<std::string_view> cells;
    for (std::size_t column = 0; column < columns; ++column) {
        cells.push_back(row.text(column));
    }
    return names_of_header(cells);
}

}  // namespace

// The two formats, of which one is open.
// Both keep a reference to the input file, whose owner is workbook_source: `file_` stands before `book_`.
class workbook {
public:
    explicit workbook(const input_file& file) {
        if (has_part(zip_archive(file).names(), ods_content)) {
            book_.emplace<ods_book>(file);
        } else {
            book_.emplace<xlsx_book>(file);
        }
    }

    [[nodiscard]] bool is_ods() const { return std::holds_alternative<ods_book>(book_); }
    [[nodiscard]] const std::vector<sheet_info>& sheets() const {
        return is_ods() ? std::get<ods_book>(book_).sheets() : std::get<xlsx_book>(book_).sheets();
    }
    [[nodiscard]] std::unique_ptr<sheet_reader> read(std::size_t sheet) const {
        return is_ods() ? std::get<ods_book>(book_).read(sheet) : std::get<xlsx_book>(book_).read(sheet);
    }

private:
    std::variant<std::monostate, xlsx_book, ods_book> book_;
};

workbook_source::workbook_source(input_file file, const workbook_options& options)
    : file_(std::move(file)), book_(std::make_unique<workbook>(file_)) {
    // A corrected rejects file loads with the job of the source that it came from, whose options are about another
    // file.
    const bool is_rejects = book_->sheets().front().name == rejects_sheet;
    choose_sheet(is_rejects ? workbook_options{} : options);
    find_columns(is_rejects ? header_options{} : options.header);
}

workbook_source::~workbook_source() = default;

bool workbook_source::is_workbook(const std::vector<std::string>& parts) {
    // A zip file with neither is a packed CSV file, perhaps. Some writers of .ods leave `mimetype` out.
    return has_part(parts, "[Content_Types].xml") ||
           (has_part(parts, ods_content) && (has_part(parts, "mimetype") || has_part(parts, "META-INF/manifest.xml")));
}

void workbook_source::choose_sheet(const workbook_options& options) {
    const std::vector<sheet_info>& sheets = book_->sheets();
    sheet_is_given_ = options.sheet.has_value();
    if (!options.sheet) {
        // Where every sheet is hidden the first one is read, rather than none.
        const auto visible = std::find_if(sheets.begin(), sheets.end(), [](const auto& s) { return !s.hidden; });
        sheet_ = visible == sheets.end() ? 0 : static_cast<std::size_t>(visible - sheets.begin());
        return;
    }
    const auto named =
        // By name first: a sheet may be called "2024".
        std::find_if(sheets.begin(), sheets.end(), [&](const auto& s) { return s.name == *options.sheet; });
    std::size_t number = 0;
    const char* end = options.sheet->data() + options.sheet->size();
    const auto [rest, error] = std::from_chars(options.sheet->data(), end, number);
    if (named != sheets.end()) {
        sheet_ = static_cast<std::size_t>(named - sheets.begin());
    } else if (error == std::errc{} && rest == end && number >= 1 && number <= sheets.size()) {
        sheet_ = number - 1;
    } else {
        std::vector<std::string> names;
        std::vector<std::string> shown;
        for (const sheet_info& s : sheets) {
            names.push_back(s.name);
            shown.push_back(in_quotes(s.name));
        }
        throw command_error(exit_code::usage,
                            fmt::format("{}: has no sheet {}{}; it has {}", name(), in_quotes(*options.sheet),
                                        did_you_mean(*options.sheet, names), listed(shown)));
    }
}

// The header is looked for among the first rows that hold anything; a banner of more rows needs skip_lines.
void workbook_source::find_columns(const header_options& options) {
    std::vector<sheet_row> first;
    const auto rows = book_->read(sheet_);
    for (const sheet_row* row = rows->next(); row != nullptr && first.size() < sampled_rows; row = rows->next()) {
        if (used_columns(*row) > 0 && row->number > options.skipped_lines.value_or(0)) {
            first.push_back(*row);
        }
    }
    for (const sheet_row& row : first) {
        if (used_columns(row) > max_columns) {
            throw command_error(
                exit_code::usage,
                fmt::format("{}, sheet {}, row {}: reaches column {}, and at most {} columns can be read; delete "
                            "what stands far right of the table",
                            name(), in_quotes(book_->sheets()[sheet_].name), row.number,
                            column_letters(used_columns(row) - 1), grouped(max_columns)));
        }
    }
    if (first.empty()) {
        throw command_error(
            exit_code::usage,
            fmt::format("{}, sheet {}: is empty; a header row with the columns' names and a row a customer are "
                        "expected. Its sheets are {}",
                        name(), in_quotes(book_->sheets()[sheet_].name), [this] {
                            std::vector<std::string> shown;
                            for (const sheet_info& s : book_->sheets()) {
                                shown.push_back(in_quotes(s.name));
                            }
                            return listed(shown);
                        }()));
    }
    std::optional<std::size_t> header;
    if (options.has_header.value_or(true)) {
        // skip_lines with header = true says which row it is, and nothing is left to find.
        header = options.skipped_lines && options.has_header ? 0 : find_header(first);
    }
    if (!header && options.has_header.value_or(options.skipped_lines.has_value())) {
        header = 0;  // the job says that there is one
    }
    if (header) {
        // Numbers of rows as the sheet shows them, from 1, so that messages fit what people see.
        header_row_ = first[*header].number;
        columns_ = names_of(first[*header], header_columns(first, *header));
        first_row_ = header_row_ + 1;
        return;
    }
    // Without a header the widest of the first rows says how many columns there are; wider ones below are ragged.
    std::size_t widest = 0;
    for (const sheet_row& row : first) {
        widest = std::max(widest, used_columns(row));
    }
    columns_ = made_header(widest, options.column_names, name());
    first_row_ = first.front().number;
}

std::unique_ptr<record_reader> workbook_source::read() const {
    return std::make_unique<workbook_reader>(book_->read(sheet_), columns_, first_row_);
}

source_description workbook_source::describe() const {
    const sheet_info& sheet = book_->sheets()[sheet_];
    source_description said{.kind = book_->is_ods() ? "OpenDocument spreadsheet" : "Excel workbook",
                            .traits = {},
                            .rejects_delimiter = ';',
                            .notices = {}};
    std::vector<std::string> others;
    for (const sheet_info& s : book_->sheets()) {
        if (!s.hidden) {
            said.sheets.push_back(s.name);
        }
        if (&s != &sheet) {
            others.push_back(in_quotes(s.name) + (s.hidden ? " (hidden)" : ""));
        }
    }
    said.traits.push_back({"sheet", in_quotes(sheet.name), others.empty() ? "" : "the others are " + listed(others)});
    if (!others.empty() && !sheet_is_given_) {
        said.notices.push_back(
            fmt::format("its sheet {} is read; [source] sheet names another", in_quotes(sheet.name)));
    }
    if (header_row_ == 0) {
        said.traits.push_back({"header", "false", "no row names the columns; they are numbered"});
        said.notices.push_back("has no row that names the columns; they are called 1, 2, 3, … ([source] header)");
        return said;
    }
    said.traits.push_back({"skip_lines", std::to_string(header_row_ - 1),
                           header_row_ > 1 ? fmt::format("row {} is the header", header_row_) : ""});
    said.traits.push_back({"header", "true"});
    if (header_row_ > 1) {
        said.notices.push_back(fmt::format("row {} is its header; what stands above it is passed over", header_row_));
    }
    return said;
}

// A whole pass, for preview alone.
std::vector<source_trait> workbook_source::tally() const {
    workbook_reader reader(book_->read(sheet_), columns_, first_row_);
    std::uint64_t rows = 0;
    for (record row; reader.next(row);) {
        ++rows;
    }
    return {{"rows", grouped(rows),
             reader.hidden() > 0
                 ? fmt::format("{} of them hidden or filtered out; they are read too", grouped(reader.hidden()))
                 : ""}};
}

}  // namespace baseload
