#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "baseload/maintenance/audit.hpp"
#include "baseload/report/csv_text.hpp"
#include "baseload/report/output_file.hpp"
#include "commands.hpp"
#include "job_source.hpp"
#include "print.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace baseload {
namespace {

namespace json = boost::json;

// Findings are kept in memory until the end, and an account may have any number of unknown clients.
constexpr std::size_t max_shown = 10;      // of a kind, on the screen
constexpr std::size_t max_in_json = 1000;  // of a kind; --csv has them all

struct arguments {
    std::string job;
    std::vector<std::string> sources;
    std::string csv;
    bool fix_journal = false;
    bool same_account = false;
    bool json = false;
};

// 0 means "none" in a finding: ids and lines begin at 1.
std::string number_or_blank(std::int64_t number) {
    return number == 0 ? std::string{} : std::to_string(number);
}

// One line each: keys and values are anybody's words, so they are quoted, escaped and cut.
std::string describe(const audit_finding& f) {
    const std::string key = f.key.empty() ? std::string{} : in_quotes(f.key);
    const std::string line =
        f.line == 0 ? std::string{} : fmt::format("{}line {}, ", f.file.empty() ? "" : f.file + ", ", f.line);
    switch (f.kind) {
    case audit_kind::no_client:
    case audit_kind::faulty: return fmt::format("{}{}{}{}", line, key, key.empty() ? "" : ": ", f.note);
    case audit_kind::gone: return fmt::format("{}{}: client {}", line, key, f.crm_client_id);
    case audit_kind::not_sent:
    case audit_kind::edited:
        return fmt::format("{}{}, client {}: {}: source {}, account {}", line, key, f.crm_client_id, f.field,
                           in_quotes(f.ours), f.theirs.empty() ? "as it was sent before" : in_quotes(f.theirs));
    case audit_kind::twice:
        return fmt::format("{}, client {}: client {} has the same {}", key, f.crm_client_id, f.other_id, f.field);
    case audit_kind::unknown: break;
    }
    return fmt::format("client {}: {}", f.crm_client_id, in_quotes(f.theirs));
}

// What a finding of this kind has no value for is left out, but for `ours` and `theirs` of a field, which may be blank.
json::object to_json(const audit_finding& f) {
    json::object o{{"finding", name_of(f.kind)}};
    const auto add = [&](const char* name, const auto& value, bool is_set) {
        if (is_set) {
            o[name] = value;
        }
    };
    add("key", f.key, !f.key.empty());
    add("file", f.file, !f.file.empty());
    add("line", f.line, f.line != 0);
    add("crm_client_id", f.crm_client_id, f.crm_client_id != 0);
    add("other_id", f.other_id, f.other_id != 0);
    add("field", f.field, !f.field.empty());
    add("ours", f.ours, f.kind == audit_kind::edited || f.kind == audit_kind::not_sent);
    add("theirs", f.theirs, f.kind == audit_kind::edited || f.kind == audit_kind::not_sent || !f.theirs.empty());
    add("note", f.note, !f.note.empty());
    return o;
}

// Takes the findings as they come: the first ones of each kind for the screen, all of them for a file.
// A file is opened before the account is asked, so that a path that cannot be written costs no request.
class findings {
public:
    explicit findings(const std::string& csv) {
        if (!csv.empty()) {
            file_.emplace(csv);
            write({"finding", "key", "line", "crm_client_id", "other_id", "field", "ours", "theirs", "note"});
        }
    }

    void add(const audit_finding& f) {
        // Whether it is kept or not, audit_summary counts it.
        auto& kept = kept_[f.kind];
        if (kept.size() < max_in_json) {
            kept.push_back(f);
        }
        if (file_) {
            // "b.csv:12" where there are several files: the columns are the same for scripts.
            write({std::string(name_of(f.kind)), f.key,
                   (f.file.empty() ? "" : f.file + ":") + number_or_blank(static_cast<std::int64_t>(f.line)),
                   number_or_blank(f.crm_client_id), number_or_blank(f.other_id), f.field, f.ours, f.theirs, f.note});
        }
    }

    // Without it the file leaves no trace (report/output_file), as after an audit that ended by an exception.
    void close() {
        if (file_) {
            file_->close();
            if (!file_->problem().empty()) {
                throw command_error(
                    exit_code::stopped,
                    fmt::format("the findings cannot be written ({}); name another file with --csv", file_->problem()));
            }
        }
    }

    // Adds an empty list where there is none: hence not const.
    [[nodiscard]] const std::vector<audit_finding>& of(audit_kind kind) { return kept_[kind]; }

private:
    void write(const std::vector<std::string>& cells) { file_->write(csv_record(cells, ';')); }

    std::optional<output_file> file_;
    std::map<audit_kind, std::vector<audit_finding>> kept_;
};

struct heading {
    audit_kind kind;
    const char* text;
};
constexpr heading headings[] = {
    {audit_kind::no_client, "rows without a client"}, {audit_kind::faulty, "rows with faults"},
    {audit_kind::not_sent, "fields not sent yet"},    {audit_kind::edited, "fields edited in the panel"},
    {audit_kind::gone, "clients that are gone"},      {audit_kind::twice, "clients there twice"},
    {audit_kind::unknown, "clients nobody knows"}};

std::string result_text(const audit_summary& s, findings& found) {
    std::string text;
    const auto line = [&](const char* name, std::uint64_t count) {
        text += fmt::format("  {:<28}{:>9}\n", name, grouped(count));
    };
    line("rows read", s.rows);
    line("  in step with the account", s.rows_in_step);
    for (const heading& h : headings) {
        line(h.text, s.of(h.kind));
    }
    line("clients in the account", s.clients);
    line("requests", s.requests);
    // Figures first, then examples: who reads only the first lines has the whole result.
    for (const heading& h : headings) {
        const auto& kept = found.of(h.kind);
        for (std::size_t i = 0; i < kept.size() && i < max_shown; ++i) {
            text += fmt::format("{}    {}\n", i == 0 ? fmt::format("  {}:\n", h.text) : "", describe(kept[i]));
        }
        if (s.of(h.kind) > max_shown) {
            text += fmt::format("    and {} more; --csv FILE has all\n", grouped(s.of(h.kind) - max_shown));
        }
    }
    // Only with --fix-journal.
    if (s.recorded > 0) {
        text += fmt::format("  {} recorded in the journal\n", counted(s.recorded, "finding"));
    }
    // Always said: a person must not take their silence for agreement.
    text += "  notes and extra fields are in no list of the account's, and were not compared\n";
    if (!s.stopped_because.empty()) {
        text += fmt::format("  ended early: {}\n", s.stopped_because);
    }
    return text;
}

std::string result_json(const audit_summary& s, findings& found) {
    // All kinds have a count, also 0, so that a script need not ask whether it is there.
    json::object counts;
    json::array listed;
    for (const heading& h : headings) {
        counts[name_of(h.kind)] = s.of(h.kind);
        for (const audit_finding& f : found.of(h.kind)) {
            listed.push_back(to_json(f));
        }
    }
    json::object all;
    all["rows"] = s.rows;
    all["in_step"] = s.rows_in_step;
    all["clients"] = s.clients;
    all["known"] = s.known;
    all["counts"] = std::move(counts);
    all["findings"] = std::move(listed);
    all["recorded"] = s.recorded;
    all["requests"] = s.requests;
    all["stopped_because"] = s.stopped_because.empty() ? json::value(nullptr) : json::value(s.stopped_because);
    all["exit_code"] = static_cast<int>(s.code);
    return json::serialize(all);
}

// Writes nothing to the account; to the journal only with --fix-journal.
exit_code audit(const arguments& a) {
    const settings job = job_with_source(a.job, a.sources);
    refuse_to_overwrite(job, {{"--csv", a.csv}});
    findings found(a.csv);
    const audit_summary summary = audit_account(job, {.fix_journal = a.fix_journal, .same_account = a.same_account},
                                                [&](const audit_finding& f) { found.add(f); });
    // Before the printing: with --csv the file is the result, and a failure must end in its exit code.
    found.close();
    a.json ? print_json(result_json(summary, found)) : print_text(result_text(summary, found));
    return summary.code;
}

}  // namespace

void add_audit_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("audit", "Compare account, journal and source: what is missing, differs, is there twice");
    c.example("baseload audit shop.toml --csv findings.csv");
    c.option("JOB", a->job, "The job (.toml)").required();
    c.option("SOURCE", a->sources, "Files in place of the job's own; - is standard input");
    c.option("--csv", a->csv, "Write every finding to this file").value_name("FILE.csv");
    c.flag("--fix-journal", a->fix_journal, "Record what was seen: clients that are gone, fields that were edited");
    c.flag("--same-account", a->same_account, "The token is this account's, whatever its clients show");
    c.flag("--json", a->json, "Print the findings as JSON");
    c.footer("Exit codes: 0 source and account agree; 1 they do not. Sends no write.");
    c.run([a] { return audit(*a); });
}

}  // namespace baseload
