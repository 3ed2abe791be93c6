#pragma once

#include "baseload/source/header_options.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// How a CSV source is written.
struct dialect {
    char delimiter = ';';
    char quote = '"';                            // doubled inside quotes (RFC 4180); '\0': there are none
    char escape = '\0';                          // takes the meaning from the character behind it; '\0': there is none
    std::uint32_t skipped_lines = 0;             // before the header: `sep=;`, comments, a banner
    bool has_header = true;                      // else its columns are called 1, 2, 3, …
    bool cr_line_ends = false;                   // lines end with CR alone, as old Macs wrote them
    bool relaxed = false;                        // a quote where RFC 4180 has none is read as Excel reads it
    bool pad = false;                            // a row that is too short has blank cells at its end
    std::string encoding = "UTF-8";              // ICU's name
    std::string encoding_reason = {};            // for people
    std::vector<std::string> column_names = {};  // of a source without a header, where somebody gave them
};

// What somebody has said of it; the rest is detected.
struct dialect_options {
    std::optional<char> delimiter = {};
    std::optional<char> quote = {};
    std::optional<char> escape = {};
    std::optional<std::string> encoding = {};
    bool relaxed = false;
    bool pad = false;
    header_options header = {};
};

// What sniffing found: one dialect, or several that fit equally well.
struct sniffed {
    std::optional<dialect> found;
    std::vector<char> equally_good;  // delimiters, when `found` is empty
};

// Judges by the first records: the delimiter that splits the most of them into the same
// number of cells, at least two. A sample that none splits has one column. What stands above
// the first record with that many cells is skipped when it is a comment (`#`) or one cell; a
// delimiter that need not skip is the better one.
// A first record in which a customer's own data stand (looks_like_data) is no header.
// Single quotes are quotes where whole cells stand in them and double ones open none.
// `sample` is the head of the file, or all of it, in UTF-8. Pure.
[[nodiscard]] sniffed sniff_dialect(std::string_view sample, const dialect_options& options = {});

// "semicolon", "tab", …
[[nodiscard]] std::string delimiter_name(char delimiter);

}  // namespace baseload
