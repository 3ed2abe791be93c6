#include "baseload/core/fault.hpp"

#include "baseload/core/text.hpp"

#include <fmt/format.h>

namespace baseload {

std::string code_text(const fault& f) {
    return f.code == fault_code::refused_by_service ? f.service_code : std::string(name_of(f.code));
}

// The text that was found may be anybody's: in_quotes escapes what would move a terminal's cursor, and cuts it.
std::string describe(const fault& f) {
    std::string text;
    if (!f.where.column.empty()) {
        text += fmt::format("column {}: ", in_quotes(f.where.column));
    }
    if (!f.found.empty()) {
        text += in_quotes(f.found) + " ";
    }
    text += f.problem;
    if (!f.remedy.empty()) {
        text += "; " + f.remedy;
    }
    return text;
}

// Faults of a request have no source, and those of a source as a whole no line.
std::string describe_with_place(const fault& f) {
    std::string text = f.where.source;
    if (f.where.line != 0) {
        text += fmt::format("{}line {}", text.empty() ? "" : ", ", f.where.line);
    }
    return text + (text.empty() ? "" : ", ") + describe(f);
}

}  // namespace baseload
