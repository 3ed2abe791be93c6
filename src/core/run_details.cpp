#include "baseload/core/run_details.hpp"

#include <algorithm>

namespace baseload {
namespace {

// describe() without the text that was found, which may be a customer's.
std::string without_found(fault f) {
    f.found.clear();
    return describe(f);
}

std::string line_word(const rejection& r) {
    return (r.file.empty() ? "" : r.file + ":") + std::to_string(r.line);
}

}  // namespace

void run_details::add(const rejection& r) {
    for (const fault& f : r.faults) {
        const std::string code = code_text(f);
        auto cause = std::find_if(causes.begin(), causes.end(), [&](const rejection_cause& c) {
            return c.code == code && c.column == f.where.column;
        });
        if (cause == causes.end()) {
            causes.push_back({code, f.where.column, 0, {}, without_found(f)});
            cause = causes.end() - 1;
        }
        ++cause->count;
        if (cause->lines.size() < max_cause_lines) {
            cause->lines.push_back(line_word(r));
        }
    }
    if (rejected.size() < max_rejected_rows && !r.faults.empty()) {
        const fault& first = r.faults.front();
        std::string problem = first.problem + (first.remedy.empty() ? "" : "; " + first.remedy);
        rejected.push_back({line_word(r), code_text(first), first.where.column, std::move(problem), first.found});
    }
}

}  // namespace baseload
