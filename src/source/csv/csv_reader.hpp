#pragma once

#include "baseload/source/csv/dialect.hpp"
#include "baseload/source/record_reader.hpp"
#include "source/byte_stream.hpp"

#include <libfccp/csv.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace baseload {

// Puts records together above LineReader's lines (RFC 4180): quotes, doubled quotes and
// line breaks inside quotes, which become '\n'. Lines of nothing but delimiters are not
// records. A quote where the RFC has none is refused, since what follows it could be
// anything, or (relaxed) read as Excel reads it: as a letter of its cell.
class csv_reader final : public record_reader {
public:
    csv_reader(std::unique_ptr<byte_stream> bytes, std::string name, dialect format);

    [[nodiscard]] const column_names& columns() const override { return columns_; }
    [[nodiscard]] bool next(record& into) override;
    [[nodiscard]] std::optional<std::uint64_t> open_end() const override {
        return ends_open_->load() ? std::optional(last_line_) : std::nullopt;
    }

private:
    void read_header();
    [[nodiscard]] char* next_line();
    [[nodiscard]] bool is_blank(const char* line) const;
    void split_plain(char* line, std::size_t length, record& into) const;
    void assemble(const char* line, std::size_t length, record& into);
    [[nodiscard]] bool leaves_open(std::string_view line, bool open) const;
    void split_quoted(record& into);
    void split_escaped(record& into);
    void append_unescaped(char escaped);
    [[nodiscard]] bool leaves_open_with_escapes(std::string_view line, bool open);
    void set_canonical_raw(record& into);
    [[nodiscard]] std::size_t take_quoted_cell(std::size_t at, record& into);
    void pad(record& into) const;
    [[noreturn]] void refuse(std::uint64_t record_line, std::size_t at, const std::string& problem) const;

    std::string name_;
    dialect format_;
    std::shared_ptr<std::atomic<bool>> ends_open_ = std::make_shared<std::atomic<bool>>(false);
    io::LineReader lines_;
    column_names columns_;
    std::uint64_t last_line_ = 0;  // of the record before
    std::optional<record> first_;  // read to count the columns of a source without a header
    bool ends_in_escape_ = false;  // the line that leaves_open_with_escapes() has looked at
    std::string assembled_;        // a record with quotes, as it stands in the file
    std::string unquoted_;         // its quoted cells without their quotes
    std::string canonical_;        // its raw: with quotes only where it needs them
};

}  // namespace baseload
