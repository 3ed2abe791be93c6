#include "source/csv/csv_reader.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "source/csv/guarded_bytes.hpp"
#include "source/header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

namespace baseload {
namespace {

// A record longer than a line may be: an unclosed quote has swallowed the file.
// LineReader's own limit for a line is 16 MiB (block_len of fast-cpp-csv-parser); its error carries no text that people
// could use, hence next_line().
constexpr std::size_t max_record = (std::size_t{1} << 24U) - 1;

}  // namespace

csv_reader::csv_reader(std::unique_ptr<byte_stream> bytes, std::string name, dialect format)
    : name_(std::move(name)), format_(std::move(format)),
      lines_(name_, std::make_unique<guarded_bytes>(std::move(bytes), name_, format_.cr_line_ends, ends_open_)) {
    // Lines, and not records: a banner may hold a lone quote.
    for (std::uint32_t skipped = 0; skipped < format_.skipped_lines && next_line() != nullptr; ++skipped) {
    }
    read_header();
}

void csv_reader::read_header() {
    record first;
    if (!next(first)) {
        refuse_empty_source(name_);
    }
    if (format_.has_header) {
        columns_ = names_of_header(first.cells);
    } else {
        columns_ = made_header(first.cells.size(), format_.column_names, name_);
        // Its views live in the reader's buffers until the next call, and next() hands it out before it reads on.
        first_ = std::move(first);
    }
}

// The line without its end, as a C string that lives until the next call; null at the end. guarded_bytes lets no NUL
// in, so strlen() finds the end.
char* csv_reader::next_line() {
    try {
        return lines_.next_line();
    } catch (const io::error::line_length_limit_exceeded&) {
        throw command_error(exit_code::usage,
                            fmt::format("{}, line {}: is longer than 16 MiB, which no customer is; is a quote "
                                        "open there, or is this no table?",
                                        name_, lines_.get_file_line()));
    }
}

// Nothing but delimiters and spaces: spreadsheets leave such lines under the last row.
bool csv_reader::is_blank(const char* line) const {
    while (*line == format_.delimiter || *line == ' ') {
        ++line;
    }
    return *line == '\0';
}

// Lines without a single quote, which are most, are split where they stand; only the others are copied.
bool csv_reader::next(record& into) {
    if (first_) {
        into = std::move(*first_);
        first_.reset();
        last_line_ = into.line;
        return true;
    }
    bool is_blank_in_quotes = true;
    while (is_blank_in_quotes) {
        char* line = next_line();
        while (line != nullptr && is_blank(line)) {
            line = next_line();
        }
        if (line == nullptr) {
            return false;
        }
        // The line at which the record begins. LineReader counts blank and skipped lines too, as editors do.
        into.line = lines_.get_file_line();
        into.cells.clear();
        const std::size_t length = std::strlen(line);
        const bool has_quote = format_.quote != '\0' && std::memchr(line, format_.quote, length) != nullptr;
        const bool has_escape = format_.escape != '\0' && std::memchr(line, format_.escape, length) != nullptr;
        if (!has_quote && !has_escape) {
            split_plain(line, length, into);
            is_blank_in_quotes = false;
        } else {
            assemble(line, length, into);
            format_.escape == '\0' ? split_quoted(into) : split_escaped(into);
            // So that a record means the same however an export quotes it.
            set_canonical_raw(into);
            // A row of blank cells in quotes is as blank as one without.
            is_blank_in_quotes = std::all_of(into.cells.begin(), into.cells.end(),
                                             [](std::string_view cell) { return trimmed(cell).empty(); });
        }
    }
    // Not while the header itself is read: there are no columns to pad to yet.
    if (format_.pad && !header().empty()) {
        pad(into);
    }
    last_line_ = into.line;
    return true;
}

// Blank cells at the end are added and taken away, as spreadsheets do; others never.
void csv_reader::pad(record& into) const {
    while (into.cells.size() > header().size() && trimmed(into.cells.back()).empty()) {
        into.cells.pop_back();
    }
    if (into.cells.size() < header().size()) {
        into.cells.resize(header().size());
    }
}

// The cells are views of LineReader's buffer, which lives until the next line.
// Cells are short, about a dozen bytes: a memchr for each costs more than to look at eight bytes at once, and to take
// the delimiters among them one after the other.
void csv_reader::split_plain(char* line, std::size_t length, record& into) const {
    static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");
    constexpr std::uint64_t each_byte = 0x0101'0101'0101'0101U;
    constexpr std::uint64_t low_bits = 0x7F7F'7F7F'7F7F'7F7FU;
    into.raw = {line, length};
    const std::uint64_t delimiters = each_byte * static_cast<unsigned char>(format_.delimiter);
    std::size_t begin = 0;
    const auto take_cell = [&](std::size_t end) {
        into.cells.emplace_back(line + begin, end - begin);
        begin = end + 1;
    };
    std::size_t at = 0;
    for (; at + sizeof(std::uint64_t) <= length; at += sizeof(std::uint64_t)) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, line + at, sizeof bytes);
        const std::uint64_t unlike = bytes ^ delimiters;
        // The top bit of each byte that is a delimiter: of each that is zero here.
        std::uint64_t found = ~(((unlike & low_bits) + low_bits) | unlike | low_bits);
        for (; found != 0; found &= found - 1) {
            take_cell(at + static_cast<std::size_t>(std::countr_zero(found)) / 8);
        }
    }
    for (; at < length; ++at) {
        if (line[at] == format_.delimiter) {
            take_cell(at);
        }
    }
    take_cell(length);
}

// Whether a quote is open at the line's end. Where quotes are well formed, a record is whole
// when it has an even number of them.
bool csv_reader::leaves_open(std::string_view line, bool open) const {
    if (!format_.relaxed) {
        return (std::count(line.begin(), line.end(), format_.quote) % 2 != 0) != open;
    }
    // Relaxed: a quote opens a cell only at its beginning, and within the cell only a quote that is not doubled closes
    // it.
    bool at_start = !open;
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (open && line[at] == format_.quote) {
            const bool is_doubled = at + 1 < line.size() && line[at + 1] == format_.quote;
            at += is_doubled ? 1 : 0;
            open = is_doubled;
        } else if (!open) {
            open = at_start && line[at] == format_.quote;
            at_start = line[at] == format_.delimiter;
        }
    }
    return open;
}

// Goes on over line breaks until no quote is open. Without a bound, one stray quote would swallow the file into memory.
void csv_reader::assemble(const char* line, std::size_t length, record& into) {
    assembled_.assign(line, length);
    const bool has_escapes = format_.escape != '\0';
    bool open = has_escapes ? leaves_open_with_escapes(assembled_, false) : leaves_open(assembled_, false);
    while (open || ends_in_escape_) {
        const char* more = next_line();
        const std::size_t more_length = more == nullptr ? 0 : std::strlen(more);
        if (more == nullptr && !open) {
            break;  // a lone escape at the file's end
        }
        if (more == nullptr || assembled_.size() + more_length + 1 > max_record) {
            // Throws where quotes are wrong before the end; refuse() below is for those that are well formed as far as
            // they go.
            if (!has_escapes) {
                split_quoted(into);  // says which quote is wrong
            }
            refuse(into.line, 0, "a quote is opened in this record and never closed");
        }
        // Whatever the file's line ends are, a break in a cell is one.
        assembled_ += '\n';
        assembled_.append(more, more_length);
        open =
            has_escapes ? leaves_open_with_escapes({more, more_length}, open) : leaves_open({more, more_length}, open);
    }
}

// As the record would stand with quotes only where it needs them: so records that differ in quoting alone are equal,
// and one without quotes is as it stands.
// Survey and journal compare records by this (core/record.hpp). Another form would have every row mapped anew once.
void csv_reader::set_canonical_raw(record& into) {
    canonical_.clear();
    for (std::size_t i = 0; i < into.cells.size(); ++i) {
        const std::string_view cell = into.cells[i];
        canonical_.append(i == 0 ? 0 : 1, format_.delimiter);
        const bool needs_quotes = std::any_of(cell.begin(), cell.end(), [&](char c) {
            return c == format_.delimiter || c == format_.quote || c == '\n';
        });
        if (!needs_quotes) {
            canonical_ += cell;
            continue;
        }
        canonical_ += format_.quote;
        for (const char c : cell) {
            canonical_.append(c == format_.quote ? 2 : 1, c);
        }
        canonical_ += format_.quote;
    }
    into.raw = canonical_;
}

void csv_reader::split_quoted(record& into) {
    unquoted_.clear();
    unquoted_.reserve(assembled_.size());  // the cells' views must not move
    std::size_t at = 0;
    for (;;) {
        if (at < assembled_.size() && assembled_[at] == format_.quote) {
            at = take_quoted_cell(at, into);
            // So only a cell's first character can open quotes: spaces before one make it a stray quote.
        } else {
            const std::size_t end = std::min(assembled_.find(format_.delimiter, at), assembled_.size());
            const std::size_t quote = format_.relaxed ? end : assembled_.find(format_.quote, at);
            if (quote < end) {
                refuse(into.line, quote, "a quote stands inside a cell that does not begin with one");
            }
            into.cells.emplace_back(std::string_view(assembled_).substr(at, end - at));
            at = end;
        }
        if (at == assembled_.size()) {
            return;
        }
        ++at;  // the delimiter
    }
}

// From its opening quote to the delimiter after it, or to the end of the record.
std::size_t csv_reader::take_quoted_cell(std::size_t at, record& into) {
    const std::size_t opening = at;
    const std::size_t cell_begin = unquoted_.size();
    for (++at;;) {
        const std::size_t quote = assembled_.find(format_.quote, at);
        if (quote == std::string::npos) {
            refuse(into.line, opening, "a quote is opened here and never closed");
        }
        unquoted_.append(assembled_, at, quote - at);
        at = quote + 1;
        if (at < assembled_.size() && assembled_[at] == format_.quote) {
            unquoted_ += format_.quote;
            ++at;
            continue;
        }
        // A lone quote: the cell ends here, or text follows where RFC 4180 has none.
        break;
    }
    if (at < assembled_.size() && assembled_[at] != format_.delimiter) {
        if (!format_.relaxed) {
            refuse(into.line, at, "text follows a closing quote");
        }
        // As Excel does: the rest is taken as it stands, quotes included.
        const std::size_t end = std::min(assembled_.find(format_.delimiter, at), assembled_.size());
        unquoted_.append(assembled_, at, end - at);
        at = end;
    }
    into.cells.emplace_back(std::string_view(unquoted_).substr(cell_begin));
    return at;
}

// `at` counts bytes in the record from 0; the message counts characters in the physical line from 1, as editors do.
void csv_reader::refuse(std::uint64_t record_line, std::size_t at, const std::string& problem) const {
    const std::string_view before = std::string_view(assembled_).substr(0, at);
    const auto breaks = static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t line_begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    throw command_error(
        exit_code::usage,
        fmt::format("{}, line {}, character {}: {}, near {}; put the whole cell in quotes and double the quotes "
                    "inside it, or say how it is meant: [source] quoting = \"relaxed\", as Excel reads "
                    "it, or quote = \"none\"",
                    name_, record_line + breaks, code_points(before.substr(line_begin)) + 1, problem,
                    in_quotes(std::string_view(assembled_).substr(at, 30))));
}

}  // namespace baseload
