#include "baseload/report/cause_text.hpp"

#include "baseload/core/text.hpp"

#include <fmt/format.h>

namespace baseload {

std::string cause_text(const rejection_cause& cause, bool is_warning) {
    return fmt::format(
        "  {} × {}{}{}, {} {}{}\n      such as: {}\n", grouped(cause.count), is_warning ? "warning " : "", cause.code,
        cause.column.empty() ? "" : " in " + in_quotes(cause.column), cause.count == 1 ? "line" : "lines",
        fmt::join(cause.lines, ", "), cause.count > cause.lines.size() ? ", …" : "", cause.example);
}

}  // namespace baseload
