#include "baseload/report/summary_report.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "baseload/core/utf8.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace baseload {
namespace {

namespace json = boost::json;

// The widths of summary_text's first column and of its numbers, so that these stand under each other.
std::string line(std::string_view name, std::uint64_t number, const std::string& note = {}) {
    return fmt::format("  {:<13}{:>12}{}\n", name, grouped(number), note.empty() ? "" : "  " + note);
}

std::string note_of(outcome o, const run_summary& s) {
    if (o == outcome::unchanged && (s.merged > 0 || s.left_alone > 0)) {
        std::vector<std::string> of_them;
        if (s.merged > 0) {
            of_them.push_back(
                fmt::format("{} of them {} another row", grouped(s.merged), s.merged == 1 ? "repeats" : "repeat"));
        }
        if (s.left_alone > 0) {
            of_them.push_back(fmt::format("{} of them {} a client that was deleted in the panel", grouped(s.left_alone),
                                          s.left_alone == 1 ? "has" : "have"));
        }
        return fmt::format("({})", listed(of_them));
    }
    if (o == outcome::updated && s.fields_sent > 0) {
        return fmt::format("({})", counted(s.fields_sent, "field"));
    }
    return {};
}

// A key that looks like an option stands behind "--".
std::string resolve_command(const run_summary& s, const doubtful_create& d, const std::string& decision) {
    const bool like_option = d.key.starts_with("-");
    return like_option ? fmt::format("baseload resolve {} {} -- {}", shell_word(s.job), decision, shell_word(d.key))
                       : fmt::format("baseload resolve {} {} {}", shell_word(s.job), shell_word(d.key), decision);
}

}  // namespace

// One for each way in which a person may decide, ready to be copied: words are quoted for the shell.
std::vector<std::string> resolve_commands(const run_summary& s, const doubtful_create& d) {
    std::vector<std::string> commands;
    for (const std::int64_t id : d.candidates) {
        commands.push_back(resolve_command(s, d, fmt::format("--id {}", id)));
    }
    if (d.candidates.empty()) {
        // No candidate is known, so the person has to put the number in.
        commands.push_back(resolve_command(s, d, "--id N"));
    }
    commands.push_back(resolve_command(s, d, "--create"));
    return commands;
}

namespace {

std::string doubts(const run_summary& s) {
    std::string text;
    std::vector<std::string> left;
    for (const doubtful_create& d : s.doubts) {
        if (d.is_update) {
            // Nothing is to be decided: the next run repeats it.
            text += fmt::format("  in doubt: the update of {}: {}\n", in_quotes(d.key), d.why);
            continue;
        }
        if (d.is_left) {
            left.push_back(in_quotes(d.key));
            continue;
        }
        text += fmt::format("  in doubt: the create of {}: {}. If you know which client it became, or that there is "
                            "none:\n",
                            in_quotes(d.key), d.why);
        for (const std::string& command : resolve_commands(s, d)) {
            text += fmt::format("    {}\n", command);
        }
    }
    if (!left.empty()) {
        text += fmt::format("  in doubt: the {} of {}; the next run looks {} up, and nobody has to decide\n",
                            left.size() == 1 ? "create" : "creates", listed(left), left.size() == 1 ? "it" : "them");
    }
    // The summary names at most 20 doubts, and counts all.
    const std::uint64_t all = s.rows.of(outcome::in_doubt) + s.doubtful_elsewhere;
    if (all > s.doubts.size()) {
        text += fmt::format("  {} more in doubt; baseload export lists them\n", grouped(all - s.doubts.size()));
    }
    if (s.doubtful_elsewhere > 0) {
        text += fmt::format("  of those in doubt, {} {} of a key that this source does not have\n",
                            grouped(s.doubtful_elsewhere), s.doubtful_elsewhere == 1 ? "is" : "are");
    }
    return text;
}

std::string looked_up(const run_summary& s) {
    std::string text;
    if (s.found > 0) {
        text += fmt::format("  {} without an answer found in the account, and linked\n", counted(s.found, "create"));
    }
    if (s.not_found > 0) {
        text += fmt::format("  {} without an answer had not been carried out\n", counted(s.not_found, "create"));
    }
    return text;
}

// Nothing where the job has no [missing] section, or no key is missing.
std::string missing(const missing_summary& m) {
    std::string text;
    if (m.kept_status > 0) {
        text = fmt::format("  {} again in the source, with the status for missing ones: the account did not say which "
                           "they had before\n",
                           m.kept_status == 1 ? "1 customer is" : grouped(m.kept_status) + " customers are");
    }
    if (m.count == 0) {
        return text;
    }
    const std::string done = m.action == "delete"   ? fmt::format("{} deleted", grouped(m.done))
                             : m.action == "status" ? fmt::format("{} given the status", grouped(m.done))
                                                    : std::string("reported");
    return text + fmt::format("  {} of the last full run missing, {}{}\n", counted(m.count, "key"), done,
                              m.note.empty() ? "" : ": " + m.note);
}

json::array doubts_json(const run_summary& s) {
    json::array all;
    for (const doubtful_create& d : s.doubts) {
        const auto commands = d.needs_decision() ? resolve_commands(s, d) : std::vector<std::string>{};
        // Precondition: keys are valid UTF-8, which the source room sees to.
        all.push_back({{"key", d.key},
                       {"kind", d.is_update ? "update" : "create"},
                       {"line", d.line > 0 ? json::value(d.line) : json::value(nullptr)},
                       {"file", d.file.empty() ? json::value(nullptr) : json::value(d.file)},
                       {"why", d.why},
                       {"candidates", json::array(d.candidates.begin(), d.candidates.end())},
                       {"commands", json::array(commands.begin(), commands.end())}});
    }
    return all;
}

}  // namespace

// For people: its words may change. tests/cli/golden holds them; scripts read summary_json.
std::string summary_text(const run_summary& s) {
    const std::string part = !s.shard.empty() ? fmt::format(", shard {} alone", s.shard)
                             : s.shards > 0   ? fmt::format(", all {} shards", s.shards)
                                              : "";
    std::string text = fmt::format("{} -> account {}, run {}{}, {}\n", s.source, in_quotes(s.account), s.run, part,
                                   show_duration(s.finished - s.started));
    text += line("rows read", s.records);
    for (int i = 0; i < outcome_kinds; ++i) {
        const auto o = static_cast<outcome>(i);
        // Most jobs leave no row out.
        if (o == outcome::skipped && s.rows.of(o) == 0) {
            continue;
        }
        text += line(fmt::format("  {}", outcome_name(o)), s.rows.of(o), note_of(o, s));
    }
    text += line("requests", s.requests);
    if (s.paused.count() > 0) {
        text += fmt::format("  paused for {}, while the account was blocked\n", show_duration(s.paused));
    }
    if (s.lowest_limit > 0) {
        text += fmt::format("  others used the account too: only {} requests a minute were left at times\n",
                            grouped(s.lowest_limit));
    }
    // The service stores ? for them (seen).
    if (s.replaced_characters > 0) {
        text += fmt::format("  {} that the service cannot hold (emoji and the like) sent as \"?\"\n",
                            counted(s.replaced_characters, "character"));
    }
    if (s.warnings > 0) {
        text += fmt::format("  {} hardly right, and {} sent nevertheless; baseload check names them by their causes\n",
                            s.warnings == 1 ? "1 value is" : grouped(s.warnings) + " values are",
                            s.warnings == 1 ? "was" : "were");
    }
    if (s.same_customers > 0) {
        text += fmt::format("  {} to have several rows, under different keys; baseload check names them\n",
                            s.same_customers == 1 ? "1 customer seems" : grouped(s.same_customers) + " customers seem");
    }
    if (s.shards > 0 && s.rows.of(outcome::rejected) > 0) {
        text += "  each shard names its own rejected rows, and writes them to its own --rejects\n";
    }
    text += looked_up(s);
    text += missing(s.missing);
    text += doubts(s);
    if (!s.stopped_because.empty()) {
        text += fmt::format("  ended early: {}\n", s.stopped_because);
    }
    return text;
}

// The names are a contract with scripts (config/run.schema.json): never rename one, and add new ones at will.
namespace {

json::object run_object(const run_summary& s, bool has_ended, bool is_undone) {
    json::object rows;
    json::object all;
    all["format"] = 1;
    all["run"] = s.run > 0 ? json::value(s.run) : json::value(nullptr);  // of a refused one
    all["job"] = s.job;
    all["source"] = s.source;
    all["account"] = s.account;
    all["shard"] = s.shard.empty() ? json::value(nullptr) : json::value(s.shard);
    all["started"] = show_time(s.started);
    // A run that was killed, or is under way, has neither an end nor an exit code: 0 would say that it succeeded.
    all["finished"] = has_ended ? json::value(show_time(s.finished)) : json::value(nullptr);
    all["partial"] = s.partial;
    all["records"] = s.records;
    for (int i = 0; i < outcome_kinds; ++i) {
        const auto o = static_cast<outcome>(i);
        std::string name(outcome_name(o));
        // Names of JSON have no space here.
        std::replace(name.begin(), name.end(), ' ', '_');
        rows[name] = s.rows.of(o);
        all[name] = s.rows.of(o);
    }
    all["outcomes"] = std::move(rows);
    all["left_to_go"] = s.left_to_go;
    all["merged"] = s.merged;
    all["requests"] = s.requests;
    all["fields_sent"] = s.fields_sent;
    all["replaced_characters"] = s.replaced_characters;
    all["warnings"] = s.warnings;
    all["same_customers"] = s.same_customers;
    all["paused_ms"] = s.paused.count();
    all["lowest_limit"] = s.lowest_limit > 0 ? json::value(s.lowest_limit) : json::value(nullptr);
    all["left_alone"] = s.left_alone;
    all["found"] = s.found;
    all["not_found"] = s.not_found;
    all["doubts"] = doubts_json(s);
    all["doubtful_elsewhere"] = s.doubtful_elsewhere;
    all["missing"] = {
        {"action", s.missing.action.empty() ? json::value(nullptr) : json::value(s.missing.action)},
        {"count", s.missing.count},
        {"keys", json::array(s.missing.keys.begin(), s.missing.keys.end())},
        {"done", s.missing.done},
        {"failed", s.missing.failed},
        {"refused", s.missing.refused},
        {"kept_status", s.missing.kept_status},
        {"kept_status_keys", json::array(s.missing.kept_status_keys.begin(), s.missing.kept_status_keys.end())},
        {"note", s.missing.note.empty() ? json::value(nullptr) : json::value(s.missing.note)}};
    all["stopped_because"] = s.stopped_because.empty() ? json::value(nullptr) : json::value(s.stopped_because);
    all["undone"] = is_undone;
    all["exit_code"] = has_ended ? json::value(static_cast<int>(s.code)) : json::value(nullptr);
    return all;
}

}  // namespace

std::string run_json(const run_summary& summary, bool has_ended, bool is_undone) {
    return as_utf8(json::serialize(run_object(summary, has_ended, is_undone)));
}

std::string summaries_json(const std::vector<run_summary>& jobs, exit_code worst) {
    json::array all;
    for (const run_summary& s : jobs) {
        all.push_back(run_object(s, true, false));
    }
    return as_utf8(
        json::serialize(json::object{{"format", 1}, {"exit_code", static_cast<int>(worst)}, {"jobs", std::move(all)}}));
}

std::string summary_json(const run_summary& s) {
    return run_json(s, true, false);
}

// Before the run, while nothing is lost by a wrong path.
run_file::run_file(std::filesystem::path path, std::string what, std::string option)
    : path_(std::move(path)), what_(std::move(what)), option_(std::move(option)), out_(path_) {
    if (!out_.problem().empty()) {
        throw command_error(exit_code::usage,
                            fmt::format("{} {} cannot be written ({}); name another with {}. Nothing was sent", what_,
                                        path_.string(), out_.problem(), option_));
    }
}

// After the run has ended in the journal, so that a failure here loses the file and nothing else.
void run_file::write(std::string_view text) {
    out_.write(text);
    out_.close();
    if (!out_.problem().empty()) {
        throw command_error(exit_code::stopped,
                            fmt::format("{} {} cannot be written ({}); the run itself is in the journal: baseload runs "
                                        "JOB shows it",
                                        what_, path_.string(), out_.problem()));
    }
}

}  // namespace baseload
