#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// What a job calls the first of several columns of one name by: "Telefon (1)".
inline constexpr std::string_view mark_of_first_equal = " (1)";

// What the columns of a source are called, in their order. Each name is another, so that a job can name any column.
struct column_names {
    std::vector<std::string> names;
    // Names that the header itself has more than once: in `names`, the first column has it as it stands, and the second
    // "Telefon (2)". A job that says "Telefon" has not said which (mapping/mapper).
    std::vector<std::string> repeated;
};

}  // namespace baseload
