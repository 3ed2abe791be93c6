#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "baseload/report/csv_text.hpp"
#include "baseload/report/output_file.hpp"
#include "baseload/report/rejects_file.hpp"
#include "baseload/survey/rehearsal.hpp"
#include "commands.hpp"
#include "job_source.hpp"
#include "print.hpp"
#include "text_table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace baseload {
namespace {

// Enough to find a cause; the rejects file has them all.
constexpr std::size_t max_lines = 10;

struct arguments {
    std::string job;
    std::string source;
    std::string csv;
    std::string rejects;
    bool new_keys = false;
    bool json = false;
    bool codes = false;
};

// Faults of one kind in one column.
// Equal code and column: a thousand rows with one mistake are one line for people.
struct cause {
    bool is_warning = false;  // its rows are sent nevertheless
    std::string code;
    std::string column;
    std::uint64_t count = 0;
    std::vector<std::uint64_t> lines;  // the first ones
    std::string example;
};

// Gathers the faults by their causes, and the rows that have them in the rejects file.
class fault_gatherer : public rehearsal_observer {
public:
    explicit fault_gatherer(std::string rejects) : rejects_path_(std::move(rejects)) {}

    // Here, since the rejects file needs the header; nothing was judged yet.
    void opened(const record_source& opened, const std::vector<std::string>& header) override {
        source = opened.name();
        if (!rejects_path_.empty()) {
            rejects_ = std::make_unique<rejects_file>(rejects_path_, header, opened.describe().rejects_delimiter);
        }
    }
    void foreseen(const forecast& f) override { records = f.records; }
    void similar(const std::vector<similar_key>& /*found*/, std::uint64_t count) override { similar_keys = count; }
    // A check says what is wrong, and `plan` what would be sent.
    void planned(const planned_change& /*change*/) override {}

    void rejected(const rejection& r) override {
        ++rows;
        if (rejects_) {
            rejects_->add(r);
        }
        for (const fault& f : r.faults) {
            count(f, r.line, false);
        }
    }

    // Counted by causes only: these rows are sent, so they are not in the rejects file.
    void warned(const std::vector<fault>& warnings) override {
        for (const fault& f : warnings) {
            count(f, f.where.line, true);
        }
    }

    // Without it the rejects file that stood there before still does.
    void finish() {
        if (rejects_) {
            rejects_->close();
        }
    }

    // The commonest first, warnings last.
    [[nodiscard]] std::vector<cause> causes() const {
        std::vector<cause> all;
        for (const auto& [name, c] : causes_) {
            all.push_back(c);
        }
        // Stable, so that causes of equal count stay in the order of their codes.
        std::stable_sort(all.begin(), all.end(), [](const cause& a, const cause& b) {
            // The halves are exchanged on purpose: faults before warnings, and larger counts before smaller ones.
            return std::pair(b.is_warning, a.count) > std::pair(a.is_warning, b.count);
        });
        return all;
    }

    std::string source;
    std::uint64_t records = 0;
    std::uint64_t rows = 0;  // with a fault
    std::uint64_t similar_keys = 0;

private:
    void count(const fault& f, std::uint64_t line, bool is_warning) {
        // code_text() has the service's own code for a row that it refused before.
        cause& c = causes_[{code_text(f), f.where.column}];
        if (c.count == 0) {
            // The first fault of a cause is its example.
            c.is_warning = is_warning;
            c.code = code_text(f);
            c.column = f.where.column;
            c.example = describe(f);
        }
        ++c.count;
        if (c.lines.size() < max_lines) {
            c.lines.push_back(line);
        }
    }

    std::string rejects_path_;
    std::unique_ptr<rejects_file> rejects_;
    std::map<std::pair<std::string, std::string>, cause> causes_;
};

std::string lines_text(const cause& c, const std::string& between) {
    // A blank separates them in a CSV cell, where a comma would ask for quotes.
    std::string text;
    for (const std::uint64_t line : c.lines) {
        text += (text.empty() ? "" : between) + std::to_string(line);
    }
    return text + (c.count > c.lines.size() ? between + "…" : "");
}

std::string result_text(const fault_gatherer& found) {
    std::string text = fmt::format("{}: {}, {}\n", found.source, counted(found.records, "row"),
                                   found.rows == 0 ? "no fault" : counted(found.rows, "row") + " with faults");
    for (const cause& c : found.causes()) {
        text +=
            fmt::format("  {} × {}{}{}, {} {}\n      such as: {}\n", grouped(c.count), c.is_warning ? "warning " : "",
                        c.code, c.column.empty() ? "" : fmt::format(" in {}", in_quotes(c.column)),
                        c.count == 1 ? "line" : "lines", lines_text(c, ", "), c.example);
    }
    // A warning and no fault: such keys are sent, and the person has to know whether they are meant.
    if (found.similar_keys > 0) {
        text += fmt::format("  {} only by case or spaces from {}; is that meant?\n",
                            found.similar_keys == 1 ? "1 new key differs"
                                                    : grouped(found.similar_keys) + " new keys differ",
                            "another key");
    }
    return text;
}

std::string result_json(const fault_gatherer& found) {
    boost::json::array causes;
    for (const cause& c : found.causes()) {
        causes.push_back({{"code", c.code},
                          {"warning", c.is_warning},
                          {"column", c.column},
                          {"count", c.count},
                          {"lines", boost::json::array(c.lines.begin(), c.lines.end())},
                          {"example", c.example}});
    }
    boost::json::object all;
    all["source"] = found.source;
    all["records"] = found.records;
    all["rejected"] = found.rows;
    all["similar_keys"] = found.similar_keys;
    all["causes"] = std::move(causes);
    return boost::json::serialize(all);
}

// Written after the whole pass, unlike the rejects file, since causes are only complete then.
void write_csv(const fault_gatherer& found, const std::string& path) {
    output_file out(path);
    out.write(csv_record({"severity", "code", "column", "count", "lines", "example"}, ';'));
    for (const cause& c : found.causes()) {
        out.write(csv_record({c.is_warning ? "warning" : "fault", c.code, c.column, std::to_string(c.count),
                              lines_text(c, " "), c.example},
                             ';'));
    }
    out.close();
    if (!out.problem().empty()) {
        throw command_error(exit_code::usage, fmt::format("{} cannot be written ({}); name another file with --csv",
                                                          path, out.problem()));
    }
}

// Every code that a row can have, for people who read rejects files and for programs that do.
// Reads no job: JOB is not required by the parser for its sake.
exit_code list_codes(bool json) {
    boost::json::array all;
    std::vector<std::vector<std::string>> rows;
    for (const fault_code_entry& e : fault_codes()) {
        all.push_back({{"code", e.name}, {"meaning", e.text}, {"remedy", e.remedy}});
        rows.push_back({std::string(e.name), fmt::format("{}; {}", e.text, e.remedy)});
    }
    // Nothing in it is of others' making, so nothing need be escaped.
    fmt::print("{}", json ? boost::json::serialize(all) + "\n" : text_table(rows));
    return exit_code::success;
}

// Needs no token, and does not write to the journal (survey/rehearsal).
exit_code check(const arguments& a) {
    if (a.codes) {
        return list_codes(a.json);
    }
    if (a.job.empty()) {
        throw command_error(exit_code::usage, "JOB is required; --help says what there is");
    }
    const settings job = job_with_source(a.job, a.source);
    // Before anything is opened for writing.
    refuse_to_overwrite(job, {{"--csv", a.csv}, {"--rejects", a.rejects}});
    fault_gatherer found(a.rejects);
    rehearse(job, a.new_keys, found);
    found.finish();
    if (!a.csv.empty()) {
        write_csv(found, a.csv);
    }
    a.json ? print_json(result_json(found)) : print_text(result_text(found));
    // Exit code 1 as a run would have, so that a script can stop before the run. Warnings do not count.
    return found.rows > 0 ? exit_code::incomplete : exit_code::success;
}

}  // namespace

void add_check_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("check", "Every fault of every row, by its cause; sends nothing");
    c.option("JOB", a->job, "The job (.toml)");
    c.option("SOURCE", a->source, "A file in place of the job's own; - is standard input");
    c.option("--csv", a->csv, "Write the causes to this file too").value_name("FILE.csv");
    c.option("--rejects", a->rejects, "Write the rows that have faults, with reasons, to this file")
        .value_name("FILE.csv");
    c.flag("--new-keys", a->new_keys, "New keys are meant as they stand, however like known ones they are");
    c.flag("--json", a->json, "Print the causes as JSON");
    c.flag("--codes", a->codes, "List every code that a rejected row can have, with its remedy");
    c.run([a] { return check(*a); });
}

}  // namespace baseload
