#include "baseload/report/html_report.hpp"

#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "baseload/core/utf8.hpp"
#include "baseload/report/summary_report.hpp"
#include "plots.hpp"
#include "report_template.hpp"

#include <fmt/format.h>
#include <kainjow/mustache.hpp>

#include <algorithm>
#include <filesystem>

namespace baseload {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::object;

// What a terminal would act on is escaped here too, and the template escapes what HTML would act on.
data text(const std::string& words) {
    return data(shown(as_utf8(words)));
}

// mustache knows no numbers. A name with a list or a text shows its section only when it is not empty, but a text that
// is blank counts as there: so each section asks for a truth.
data truth(bool is_so) {
    return data(is_so ? data::type::bool_true : data::type::bool_false);
}

std::string verdict_of(const reported_run& r) {
    const run_summary& s = r.summary;
    if (!r.has_ended) {
        return "The run did not end: it was killed, or is still under way.";
    }
    if (s.run == 0 && s.code == exit_code::success) {
        return "There was no file to read.";
    }
    switch (s.code) {
    case exit_code::success: return s.stopped_because.empty() ? "Everything is in." : "What was asked for is in.";
    case exit_code::incomplete: {
        std::vector<std::string> open;
        for (const outcome o : {outcome::rejected, outcome::in_doubt}) {
            if (s.rows.of(o) > 0) {
                open.push_back(fmt::format("{} {} {}", grouped(s.rows.of(o)), s.rows.of(o) == 1 ? "row is" : "rows are",
                                           outcome_name(o)));
            }
        }
        return open.empty() ? "It came to its end, and something needs a person."
                            : fmt::format("It came to its end, and {}: a person is needed.", listed(open));
    }
    case exit_code::usage: return "It was refused before anything was sent.";
    case exit_code::stopped: return "It stopped before the end; a rerun goes on.";
    case exit_code::refused: return "The account refused.";
    case exit_code::journal_busy: return "Another run held the journal.";
    }
    return {};
}

const char* mood_of(const reported_run& r) {
    return !r.has_ended                              ? "bad"
           : r.summary.code == exit_code::success    ? "good"
           : r.summary.code == exit_code::incomplete ? "some"
                                                     : "bad";
}

// Of a run that did not end the journal knows whom it created, and no other figure.
std::string figure(std::uint64_t number, bool has_ended) {
    return has_ended ? grouped(number) : "?";
}

list outcomes_of(const reported_run& r) {
    const run_summary& s = r.summary;
    list all;
    for (int i = 0; i < outcome_kinds; ++i) {
        const auto o = static_cast<outcome>(i);
        std::string name(outcome_name(o));
        std::string css = name;
        std::replace(css.begin(), css.end(), ' ', '-');
        std::string label = name;
        label[0] = ascii_upper(label.substr(0, 1))[0];
        std::replace(name.begin(), name.end(), ' ', '_');
        object one;
        one["name"] = data(name);
        one["label"] = data(label);
        one["css"] = data(css);
        one["count"] = data(std::to_string(s.rows.of(o)));
        one["has_any"] = truth(s.rows.of(o) > 0);
        one["shown"] = data(figure(s.rows.of(o), r.has_ended || o == outcome::created));
        all.push_back(data(one));
    }
    return all;
}

list causes_of(const run_details& details) {
    std::vector<rejection_cause> causes = details.causes;
    std::stable_sort(causes.begin(), causes.end(),
                     [](const rejection_cause& a, const rejection_cause& b) { return a.count > b.count; });
    list all;
    for (const rejection_cause& c : causes) {
        object one;
        one["code"] = text(c.code);
        one["column"] = text(c.column);
        one["count"] = data(grouped(c.count));
        one["lines"] = text(fmt::format("{}{}", fmt::join(c.lines, ", "), c.count > c.lines.size() ? ", …" : ""));
        one["example"] = text(c.example);
        all.push_back(data(one));
    }
    return all;
}

list rejected_of(const run_details& details) {
    list all;
    for (const rejected_row& r : details.rejected) {
        object one;
        one["line"] = text(r.line);
        one["code"] = text(r.code);
        one["column"] = text(r.column);
        one["found"] = text(r.found);
        one["problem"] = text(r.problem);
        all.push_back(data(one));
    }
    return all;
}

list doubts_of(const run_summary& s) {
    list all;
    for (const doubtful_create& d : s.doubts) {
        list commands;
        if (d.needs_decision()) {
            for (const std::string& command : resolve_commands(s, d)) {
                commands.push_back(text(command));
            }
        }
        object one;
        one["key"] = text(d.key);
        one["line"] = d.line > 0 ? text((d.file.empty() ? "" : d.file + ":") + std::to_string(d.line)) : truth(false);
        one["why"] = text(d.why);
        one["commands"] = data(commands);
        all.push_back(data(one));
    }
    return all;
}

list fields_of(const run_details& details) {
    list all;
    for (const auto& [field, count] : details.fields_changed) {
        object one;
        one["field"] = text(field);
        one["count"] = data(grouped(count));
        all.push_back(data(one));
    }
    return all;
}

list history_of(const std::vector<run_record>& runs) {
    list all;
    // The newest first, as people look for it.
    for (auto r = runs.rbegin(); r != runs.rend(); ++r) {
        const run_summary& s = r->summary;
        const auto count = [&](outcome o) { return data(figure(s.rows.of(o), r->ended)); };
        object one;
        one["run"] = data(std::to_string(s.run));
        one["started"] = data(show_local_time(s.started));
        one["created"] = data(grouped(s.rows.of(outcome::created)));
        one["updated"] = count(outcome::updated);
        one["unchanged"] = count(outcome::unchanged);
        one["rejected"] = count(outcome::rejected);
        one["in_doubt"] = count(outcome::in_doubt);
        one["requests"] = data(figure(s.requests, r->ended));
        one["end"] = text(!r->ended ? std::string("did not end")
                                    : fmt::format("exit {}{}{}", static_cast<int>(s.code), r->undone ? ", undone" : "",
                                                  s.stopped_because.empty() ? "" : ": " + s.stopped_because));
        all.push_back(data(one));
    }
    return all;
}

list mapping_of(const std::vector<mapped_field>& mapping) {
    list all;
    for (const mapped_field& m : mapping) {
        object one;
        one["column"] = text(m.column);
        one["field"] = text(m.field);
        one["how"] = text(m.how);
        all.push_back(data(one));
    }
    return all;
}

std::string minutes_note(const run_details& details) {
    std::uint64_t paused = 0;
    for (const run_minute& minute : details.minutes) {
        paused += minute.paused_seconds;
    }
    std::string note = details.limit > 0
                           ? "The broken line is the limit that the job sets; it counts from each answer, "
                             "so a minute of the clock may have fewer."
                           : "Without a limit.";
    return paused > 0 ? note + fmt::format(" Shaded: the account was blocked, {} in all.",
                                           show_duration(std::chrono::seconds(paused)))
                      : note;
}

object section_of(const reported_run& r, std::size_t number) {
    const run_summary& s = r.summary;
    const list causes = causes_of(s.details);
    const list rejected = rejected_of(s.details);
    const list doubts = doubts_of(s);
    const list fields = fields_of(s.details);
    const std::uint64_t rejected_rows = s.rows.of(outcome::rejected);
    const std::string minutes = minutes_plot(s.details);
    object all;
    all["number"] = data(std::to_string(number));
    all["job"] = text(s.job);
    all["source"] = text(s.source);
    all["account"] = text(s.account);
    all["has_number"] = truth(s.run > 0);
    all["run"] = data(std::to_string(s.run));
    all["started"] = data(show_local_time(s.started));
    all["duration"] = data(r.has_ended ? show_duration(s.finished - s.started) : std::string("?"));
    all["requests"] = data(figure(s.requests, r.has_ended));
    all["code"] = data(r.has_ended ? std::to_string(static_cast<int>(s.code)) : std::string("none"));
    all["partial"] = truth(s.partial);
    all["records"] = data(figure(s.records, r.has_ended));
    all["verdict"] = text(verdict_of(r));
    all["mood"] = data(mood_of(r));
    all["reason"] = s.stopped_because.empty() ? truth(false) : text(s.stopped_because);
    all["outcomes"] = data(outcomes_of(r));
    all["warnings"] = s.warnings == 0
                          ? truth(false)
                          : text(fmt::format("{} doubtful, and sent all the same:",
                                             s.warnings == 1 ? "1 value is" : grouped(s.warnings) + " values are"));
    all["same"] = s.same_customers == 0
                      ? truth(false)
                      : text(fmt::format("{} to have several rows, under different keys:",
                                         s.same_customers == 1 ? "1 customer seems"
                                                               : grouped(s.same_customers) + " customers seem"));
    all["minutes"] = minutes.empty() ? truth(false) : data(minutes);
    all["minutes_note"] = data(minutes_note(s.details));
    all["has_causes"] = truth(!causes.empty());
    all["causes"] = data(causes);
    all["has_rejected"] = truth(!rejected.empty());
    all["rejected"] = data(rejected);
    all["rejected_shown"] = data(std::to_string(rejected.size()));
    all["rejected_all"] = data(grouped(rejected_rows));
    all["rejected_cut"] = truth(rejected_rows > rejected.size());
    all["has_doubts"] = truth(!doubts.empty());
    all["doubts"] = data(doubts);
    all["has_fields"] = truth(!fields.empty());
    all["fields"] = data(fields);
    all["has_history"] = truth(r.history.size() > 1);
    all["history_plot"] = data(history_plot(r.history));
    all["history"] = data(history_of(r.history));
    all["has_mapping"] = truth(!r.mapping.empty());
    all["mapping"] = data(mapping_of(r.mapping));
    return all;
}

}  // namespace

std::string html_report(const std::vector<reported_run>& runs) {
    list sections;
    for (const reported_run& run : runs) {
        sections.push_back(data(section_of(run, sections.size() + 1)));
    }
    const std::string name = runs.size() == 1 ? std::filesystem::path(runs.front().summary.job).stem().string()
                                              : fmt::format("{} jobs", runs.size());
    object page;
    page["title"] = text("Import of " + name);
    page["written"] = data(show_local_time(wall_now()));
    page["several"] = truth(runs.size() > 1);
    page["runs"] = data(sections);
    kainjow::mustache::mustache page_template{std::string(report_template)};
    return page_template.render(data(page));
}

}  // namespace baseload
