#include "baseload/report/metrics.hpp"

#include "baseload/core/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>

namespace baseload {
namespace {

// https://prometheus.io/docs/instrumenting/exposition_formats/, "Line format".
std::string label_value(const std::string& text) {
    std::string escaped;
    for (const char c : as_utf8(text)) {
        switch (c) {
        case '\\': escaped += "\\\\"; break;
        case '"': escaped += "\\\""; break;
        case '\n': escaped += "\\n"; break;
        default: escaped += c;
        }
    }
    return escaped;
}

std::string labels_of(const run_summary& s) {
    return fmt::format("baseload_job=\"{}\",account=\"{}\"", label_value(s.job), label_value(s.account));
}

double seconds(std::chrono::milliseconds d) {
    return std::chrono::duration<double>(d).count();
}

struct metric {
    const char* name;
    const char* help;
    std::function<double(const run_summary&)> value;
};

std::string rows_text(const std::vector<run_summary>& runs) {
    std::string text = "# HELP baseload_run_rows Rows of the last run by what became of them.\n"
                       "# TYPE baseload_run_rows gauge\n";
    for (const run_summary& s : runs) {
        for (int i = 0; i < outcome_kinds; ++i) {
            std::string name(outcome_name(static_cast<outcome>(i)));
            std::replace(name.begin(), name.end(), ' ', '_');
            text += fmt::format("baseload_run_rows{{{},outcome=\"{}\"}} {}\n", labels_of(s), name,
                                s.rows.of(static_cast<outcome>(i)));
        }
    }
    return text;
}

}  // namespace

std::string metrics_text(const std::vector<run_summary>& runs) {
    const std::vector<metric> metrics = {
        {"baseload_run_exit_code",
         "Exit code of the last run: 0 everything is in, 1 some rows were rejected or are in "
         "doubt, 2 refused, 3 stopped, 4 the account refused.",
         [](const run_summary& s) { return static_cast<double>(static_cast<int>(s.code)); }},
        {"baseload_run_start_timestamp_seconds", "When the last run began, in seconds since 1970.",
         [](const run_summary& s) { return seconds(s.started.time_since_epoch()); }},
        {"baseload_run_end_timestamp_seconds", "When the last run ended, in seconds since 1970.",
         [](const run_summary& s) { return seconds(s.finished.time_since_epoch()); }},
        {"baseload_run_requests", "Requests that the last run sent.",
         [](const run_summary& s) { return static_cast<double>(s.requests); }},
        {"baseload_run_paused_seconds", "How long the last run waited while the account was blocked.",
         [](const run_summary& s) { return seconds(s.paused); }},
        {"baseload_run_missing", "Keys of the last full run that the source did not have.",
         [](const run_summary& s) { return static_cast<double>(s.missing.count); }},
    };
    std::string text = rows_text(runs);
    for (const metric& m : metrics) {
        text += fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n", m.name, m.help);
        for (const run_summary& s : runs) {
            // 15 digits: a time of today to the millisecond.
            text += fmt::format("{}{{{}}} {:.15g}\n", m.name, labels_of(s), m.value(s));
        }
    }
    return text;
}

}  // namespace baseload
