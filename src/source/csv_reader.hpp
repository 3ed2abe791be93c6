#pragma once

#include "baseload/source/dialect.hpp"
#include "baseload/source/input_file.hpp"
#include "baseload/source/record_reader.hpp"

#include <libfccp/csv.h>

#include <string>

namespace baseload {

// Puts records together above LineReader's lines (RFC 4180): quotes, doubled quotes and
// line breaks inside quotes, which become '\n'. Lines of nothing but
// delimiters are not records. Refuses a quote where the RFC has none: what follows it could be anything.
class csv_reader final : public record_reader {
public:
    csv_reader(const input_file& file, dialect format);

    [[nodiscard]] const std::vector<std::string>& header() const override { return header_; }
    [[nodiscard]] bool next(record& into) override;

private:
    void read_header();
    [[nodiscard]] char* next_line();
    [[nodiscard]] bool is_blank(const char* line) const;
    void split_plain(char* line, std::size_t length, record& into) const;
    void assemble(const char* line, std::size_t length, record& into);
    void split_quoted(record& into);
    [[nodiscard]] std::size_t take_quoted_cell(std::size_t at, record& into);
    [[noreturn]] void refuse(std::uint64_t record_line, std::size_t at, const std::string& problem) const;

    std::string name_;
    dialect format_;
    io::LineReader lines_;
    std::vector<std::string> header_;
    std::string assembled_;  // a record with quotes, as it stands in the file
    std::string unquoted_;   // its quoted cells without their quotes
};

}  // namespace baseload
