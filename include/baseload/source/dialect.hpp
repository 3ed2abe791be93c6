#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// How a CSV source is written. Quotes are `"`, doubled inside quotes (RFC 4180).
struct dialect {
    char delimiter = ';';
};

// What sniffing found: one dialect, or several that fit equally well.
struct sniffed {
    std::optional<dialect> found;
    std::vector<char> equally_good;  // delimiters, when `found` is empty
};

// Judges by the first records: the delimiter that splits the most of them into the same
// number of cells, at least two. A sample that none splits has one column.
// `sample` is the head of the file, or all of it. Pure.
[[nodiscard]] sniffed sniff_dialect(std::string_view sample);

// "semicolon", "tab", …
[[nodiscard]] std::string delimiter_name(char delimiter);

}  // namespace baseload
