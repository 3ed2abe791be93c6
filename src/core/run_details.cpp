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

void run_details::add(const run_details& other, std::chrono::minutes later) {
    const auto shift = static_cast<std::size_t>(std::max<std::int64_t>(later.count(), 0));
    minutes.resize(std::max(minutes.size(), other.minutes.size() + shift));
    for (std::size_t i = 0; i < other.minutes.size(); ++i) {
        run_minute& minute = minutes[i + shift];
        minute.requests += other.minutes[i].requests;
        // A block holds all shards.
        minute.paused_seconds = std::max(minute.paused_seconds, other.minutes[i].paused_seconds);
    }
    for (const rejection_cause& more : other.causes) {
        const auto cause = std::find_if(causes.begin(), causes.end(), [&](const rejection_cause& c) {
            return c.code == more.code && c.column == more.column;
        });
        if (cause == causes.end()) {
            causes.push_back(more);
            continue;
        }
        cause->count += more.count;
        for (const std::string& line : more.lines) {
            if (cause->lines.size() < max_cause_lines) {
                cause->lines.push_back(line);
            }
        }
    }
    for (const rejected_row& row : other.rejected) {
        if (rejected.size() < max_rejected_rows) {
            rejected.push_back(row);
        }
    }
    for (const auto& [field, count] : other.fields_changed) {
        fields_changed[field] += count;
    }
}

}  // namespace baseload
