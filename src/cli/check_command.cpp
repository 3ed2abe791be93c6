#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "baseload/report/cause_text.hpp"
#include "baseload/report/csv_text.hpp"
#include "baseload/report/output_file.hpp"
#include "baseload/report/rejects_file.hpp"
#include "baseload/survey/rehearsal.hpp"
#include "commands.hpp"
#include "job_source.hpp"
#include "print.hpp"
#include "same_customers_output.hpp"
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
    std::vector<std::string> sources;
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
    std::vector<std::uint64_t> lines;  // the first ones, or all
    std::vector<std::string> files;    // by these lines: whose they are, blank where the source is one
    std::vector<std::string> found;    // by these lines; of all alone
    std::string example;
};

// Gathers the faults by their causes, and the rows that have them in the rejects file.
class fault_gatherer : public rehearsal_observer {
public:
    // `csv` and `rejects`: the files that take every fault, and every row that has one; blank for none.
    fault_gatherer(std::string csv, std::string rejects, bool keep_all)
        : csv_path_(std::move(csv)), rejects_path_(std::move(rejects)), keep_all_(keep_all) {}

    // Here, since the rejects file needs the header; nothing was judged yet.
    void opened(const record_source& opened, const std::vector<std::string>& header) override {
        source = opened.name();
        places = opened.places();
        has_files_ = opened.parts().size() > 1;
        if (!csv_path_.empty()) {
            csv_.emplace(csv_path_);
            csv_->write(csv_row("severity", "code", "column", "file", "line", "found", "message"));
        }
        if (!rejects_path_.empty()) {
            rejects_ =
                std::make_unique<rejects_file>(rejects_path_, header, opened.describe().rejects_delimiter, has_files_);
        }
    }
    void foreseen(const forecast& f) override {
        records = f.records;
        skipped = f.skipped;
    }
    void similar(const std::vector<similar_key>& found, std::uint64_t count) override {
        similar_first = found;
        similar_keys = count;
    }
    void same(const std::vector<same_customer>& found, std::uint64_t count) override {
        same_customers = found;
        same_customers_count = count;
    }
    void remarked(const std::string& remark, bool /*is_likely_wrong*/) override { remarks.push_back(remark); }
    void unchecked(std::uint64_t values) override { unchecked_values += values; }
    // A check says what is wrong, and `plan` what would be sent.
    void planned(const planned_change& /*change*/) override {}

    void rejected(const rejection& r) override {
        ++rows;
        if (rejects_) {
            rejects_->add(r);
        }
        for (const fault& f : r.faults) {
            count(f, r, false);
        }
    }

    void warned(const rejection& r) override {
        if (rejects_) {
            rejects_->add_warned(r);
        }
        doubted(r);
    }

    // In the rejects file the row stands for its faults.
    void doubted(const rejection& r) override {
        for (const fault& f : r.faults) {
            count(f, r, true);
        }
    }

    // Without it the files that stood there before still do.
    void finish() {
        if (csv_) {
            csv_->close();
            if (!csv_->problem().empty()) {
                throw command_error(
                    exit_code::usage,
                    fmt::format("{} cannot be written ({}); name another file with --csv", csv_path_, csv_->problem()));
            }
        }
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
    std::shared_ptr<const line_places> places;
    std::uint64_t records = 0;
    std::uint64_t skipped = 0;
    std::uint64_t rows = 0;                  // with a fault
    std::vector<similar_key> similar_first;  // the first ones
    std::uint64_t similar_keys = 0;
    std::vector<same_customer> same_customers;  // likewise
    std::uint64_t same_customers_count = 0;
    std::uint64_t unchecked_values = 0;
    std::vector<std::string> remarks;  // on the source as a whole

private:
    void count(const fault& f, const rejection& r, bool is_warning) {
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
        if (keep_all_ || c.lines.size() < max_lines) {
            c.lines.push_back(r.line);
            c.files.push_back(r.file);
        }
        if (keep_all_) {
            c.found.push_back(f.found);
        }
        if (csv_) {
            csv_->write(csv_row(is_warning ? "warning" : "fault", code_text(f), f.where.column, r.file,
                                std::to_string(r.line), f.found, describe(f)));
        }
    }

    // The file only where there are several.
    [[nodiscard]] std::string csv_row(std::string severity, std::string code, std::string column, std::string file,
                                      std::string line, std::string found, std::string message) const {
        std::vector<std::string> cells = {std::move(severity), std::move(code), std::move(column)};
        if (has_files_) {
            cells.push_back(std::move(file));
        }
        for (std::string* cell : {&line, &found, &message}) {
            cells.push_back(std::move(*cell));
        }
        return csv_record(cells, ';');
    }

    std::string csv_path_;
    bool has_files_ = false;  // the source consists of several
    std::optional<output_file> csv_;
    std::string rejects_path_;
    bool keep_all_;  // every line and value, and not the first lines alone
    std::unique_ptr<rejects_file> rejects_;
    std::map<std::pair<std::string, std::string>, cause> causes_;
};

// As a run says it.
rejection_cause as_told(const cause& c) {
    rejection_cause told{.code = c.code, .column = c.column, .count = c.count, .lines = {}, .example = c.example};
    for (std::size_t i = 0; i < c.lines.size(); ++i) {
        told.lines.push_back((c.files[i].empty() ? "" : c.files[i] + ":") + std::to_string(c.lines[i]));
    }
    return told;
}

std::string result_text(const fault_gatherer& found) {
    std::string text = fmt::format("{}: {}, {}{}\n", found.source, counted(found.records, "row"),
                                   found.skipped > 0 ? grouped(found.skipped) + " skipped, " : "",
                                   found.rows == 0 ? "no fault" : counted(found.rows, "row") + " with faults");
    const std::vector<cause> causes = found.causes();
    for (const cause& c : causes) {
        text += cause_text(as_told(c), c.is_warning);
    }
    const bool is_cut = std::any_of(causes.begin(), causes.end(), [](const cause& c) { return c.count > max_lines; });
    if (is_cut) {
        text += "  (--csv FILE and --json name every line; --rejects FILE.csv takes the rows)\n";
    }
    // A warning and no fault: such keys are sent, and the person has to know whether they are meant.
    for (const similar_key& s : found.similar_first) {
        text +=
            s.key.empty()
                ? fmt::format("  lines {} and {}: new keys that differ only by case or spaces, or by dashes and zeros; "
                              "is that meant?\n",
                              found.places->word(s.other_line), found.places->word(s.line))
                : fmt::format("  {}: the new key {} differs only by case or spaces from {} ({}); is that meant?\n",
                              found.places->short_text(s.line), in_quotes(s.key), in_quotes(s.other),
                              s.other_line > 0 ? found.places->short_text(s.other_line) : "the journal");
    }
    if (found.similar_keys > found.similar_first.size()) {
        text += fmt::format("  … and {} more of such keys\n", grouped(found.similar_keys - found.similar_first.size()));
    }
    text += same_customers_text(found.same_customers, found.same_customers_count, *found.places);
    for (const std::string& remark : found.remarks) {
        text += fmt::format("  {}\n", remark);
    }
    if (found.unchecked_values > 0) {
        text +=
            fmt::format("  {} not checked: the row has no country, and {} not look Polish; map invoice_country_code, "
                        "or give it a default\n",
                        found.unchecked_values == 1 ? "1 tax id or postcode was"
                                                    : grouped(found.unchecked_values) + " tax ids and postcodes were",
                        found.unchecked_values == 1 ? "it does" : "they do");
    }
    return text;
}

std::string result_json(const fault_gatherer& found) {
    boost::json::array causes;
    for (const cause& c : found.causes()) {
        boost::json::array values;
        for (std::size_t i = 0; i < c.lines.size(); ++i) {
            boost::json::object value{{"line", c.lines[i]}, {"found", c.found[i]}};
            if (!c.files[i].empty()) {
                value["file"] = c.files[i];
            }
            values.push_back(std::move(value));
        }
        causes.push_back({{"code", c.code},
                          {"warning", c.is_warning},
                          {"column", c.column},
                          {"count", c.count},
                          {"lines", boost::json::array(c.lines.begin(), c.lines.end())},
                          {"values", std::move(values)},
                          {"example", c.example}});
    }
    boost::json::array similar;
    for (const similar_key& s : found.similar_first) {
        const source_line own = found.places->at(s.line);
        const source_line other = found.places->at(s.other_line);
        similar.push_back(
            {{"line", own.line},
             {"file", found.places->are_of_one_file() ? boost::json::value(nullptr) : boost::json::value(own.file)},
             {"other_line", s.other_line > 0 ? boost::json::value(other.line) : boost::json::value(nullptr)},
             {"other_file", s.other_line > 0 && !found.places->are_of_one_file() ? boost::json::value(other.file)
                                                                                 : boost::json::value(nullptr)},
             {"key", s.key.empty() ? boost::json::value(nullptr) : boost::json::value(s.key)},
             {"other", s.other.empty() ? boost::json::value(nullptr) : boost::json::value(s.other)}});
    }
    boost::json::object all;
    all["source"] = found.source;
    all["records"] = found.records;
    all["skipped"] = found.skipped;
    all["rejected"] = found.rows;
    all["similar_keys"] = found.similar_keys;
    all["similar"] = std::move(similar);
    all["same_customers"] = same_customers_json(found.same_customers, *found.places);
    all["same_customers_count"] = found.same_customers_count;
    all["remarks"] = boost::json::array(found.remarks.begin(), found.remarks.end());
    all["unchecked"] = found.unchecked_values;
    all["causes"] = std::move(causes);
    return boost::json::serialize(all);
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
    const settings job = job_with_source(a.job, a.sources);
    // Before anything is opened for writing.
    refuse_to_overwrite(job, {{"--csv", a.csv}, {"--rejects", a.rejects}});
    fault_gatherer found(a.csv, a.rejects, a.json);
    rehearse(job, a.new_keys, found);
    found.finish();
    a.json ? print_json(result_json(found)) : print_text(result_text(found));
    // Exit code 1 as a run would have, so that a script can stop before the run. Warnings do not count.
    return found.rows > 0 ? exit_code::incomplete : exit_code::success;
}

}  // namespace

void add_check_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("check", "Every fault of every row, by its cause; sends nothing");
    c.example("baseload check shop.toml");
    c.option("JOB", a->job, "The job (.toml)");
    c.option("SOURCE", a->sources, "Files in place of the job's own; - is standard input");
    c.option("--csv", a->csv, "Write every fault and warning to this file too, a line each").value_name("FILE.csv");
    c.option("--rejects", a->rejects, "Write the rows that have faults or warnings, with reasons, to this file")
        .value_name("FILE.csv");
    c.flag("--new-keys", a->new_keys, "New keys are meant as they stand, however like known ones they are");
    c.flag("--json", a->json, "Print the causes as JSON");
    c.flag("--codes", a->codes, "List every code that a rejected row can have, with its remedy");
    c.run([a] { return check(*a); });
}

}  // namespace baseload
