#include "baseload/maintenance/link.hpp"

#include "baseload/config/job_file.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "commands.hpp"
#include "job_source.hpp"
#include "lines_json.hpp"
#include "print.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>
#include <vector>

namespace baseload {
namespace {

namespace json = boost::json;

struct arguments {
    std::string job;
    std::vector<std::string> sources;
    std::vector<std::string> match;
    std::string from;
    bool same_account = false;
    std::string other_journal;
    bool json = false;
};

std::string ids_text(const std::vector<std::int64_t>& ids) {
    std::vector<std::string> texts;
    for (const std::int64_t id : ids) {
        texts.push_back(std::to_string(id));
    }
    return listed(texts);
}

std::string lines_text(const std::vector<std::uint64_t>& lines, const line_places& places) {
    std::vector<std::string> texts;
    for (const std::uint64_t line : lines) {
        texts.push_back(places.word(line));
    }
    return listed(texts);
}

std::string result_text(const link_summary& s) {
    std::string text;
    const auto line = [&](const char* name, std::uint64_t count, const char* note) {
        text += fmt::format("  {:<18}{:>9}{}{}\n", name, grouped(count), *note == '\0' ? "" : "  ", note);
    };
    line("rows read", s.rows, "");
    line("  linked", s.linked, "");
    line("  known before", s.known, "");
    // The note says what happens if nothing is done about it.
    line("  ambiguous", s.ambiguous, s.ambiguous > 0 ? "(not linked: the next run would create them)" : "");
    line("  without a match", s.unmatched, s.unmatched > 0 ? "(the next run creates them)" : "");
    line("  nothing to match", s.without_text, s.without_text > 0 ? "(blank or faulty there)" : "");
    line("clients listed", s.clients, "");
    line("requests", s.requests, "");
    for (const ambiguous_link& a : s.ambiguities) {
        text += fmt::format("  ambiguous: {}: {} {}; {} {}\n", a.match, a.lines.size() == 1 ? "line" : "lines",
                            lines_text(a.lines, *s.places), a.clients.size() == 1 ? "client" : "clients",
                            ids_text(a.clients));
    }
    // Not where all rows were known before: the account was not read then, and nothing was left to tell.
    if (!s.is_complete && s.stopped_because.empty() && s.known < s.rows) {
        text += "  not every row could be told, so what speaks against the journal (if anything does) stays: put these "
                "rows "
                "right and link again; if none of their customers is in the account, say run --accept-journal\n";
    }
    // What no field tells apart, a list by hand does.
    if (s.ambiguous > 0) {
        text += "  give their keys and ids in a list: baseload link JOB --from FILE.csv (columns key, crm_client_id)\n";
    }
    if (!s.stopped_because.empty()) {
        text += fmt::format("  ended early, nothing was linked: {}\n", s.stopped_because);
    }
    return text;
}

// The names are a contract with scripts: never rename one.
std::string result_json(const link_summary& s) {
    json::array ambiguities;
    for (const ambiguous_link& a : s.ambiguities) {
        json::object one = lines_json(a.lines, *s.places);
        one["match"] = a.match;
        one["clients"] = json::array(a.clients.begin(), a.clients.end());
        ambiguities.push_back(std::move(one));
    }
    json::object all;
    all["rows"] = s.rows;
    all["linked"] = s.linked;
    all["known"] = s.known;
    all["ambiguous"] = s.ambiguous;
    all["unmatched"] = s.unmatched;
    all["without_text"] = s.without_text;
    all["clients"] = s.clients;
    all["requests"] = s.requests;
    all["ambiguities"] = std::move(ambiguities);
    all["stopped_because"] = s.stopped_because.empty() ? json::value(nullptr) : json::value(s.stopped_because);
    all["exit_code"] = static_cast<int>(s.code);
    return json::serialize(all);
}

other_journal_policy policy_of(const std::string& word) {
    if (!word.empty() && word != "replace" && word != "keep") {
        throw command_error(exit_code::usage, fmt::format("--other-journal {}: say replace or keep", in_quotes(word)));
    }
    return word.empty()        ? other_journal_policy::refuse
           : word == "replace" ? other_journal_policy::replace
                               : other_journal_policy::keep;
}

exit_code link(const arguments& a) {
    // Exactly one of them: both missing and both given are equally unclear.
    if (a.match.empty() == a.from.empty()) {
        throw command_error(exit_code::usage,
                            "say either --match FIELDS, such as --match email,invoice_tax_id, or --from FILE.csv");
    }
    const link_options options{.same_account = a.same_account, .other_journal = policy_of(a.other_journal)};
    if (!a.from.empty()) {
        // No source is read and no account asked: read_job() is enough.
        const std::uint64_t count = link_by_list(read_job(a.job), a.from, options);
        fmt::print("{}\n", a.json ? json::serialize(json::object{{"linked", count}})
                                  : fmt::format("{} linked", counted(count, "key")));
        return exit_code::success;
    }
    const settings job = job_with_source(a.job, a.sources);
    // Reading all clients may take minutes, at 100 a request: the log shows that it goes on.
    const link_summary summary = link_by_fields(
        job, a.match, options, [](std::uint64_t clients) { spdlog::info("{} clients read", grouped(clients)); });
    a.json ? print_json(result_json(summary)) : print_text(result_text(summary));
    return summary.code;
}

}  // namespace

void add_link_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("link", "Find the clients that the account already has, and send nothing");
    c.example("baseload link shop.toml --match email,invoice_tax_id");
    c.option("JOB", a->job, "The job (.toml)").required();
    c.option("SOURCE", a->sources, "Files in place of the job's own; - is standard input");
    c.option("--match", a->match, "The fields in which a row and its client are equal, e.g. email,invoice_tax_id")
        .comma_separated()
        .value_name("FIELDS");
    c.option("--from", a->from, "A list of what is known: a CSV file with key and crm_client_id")
        .value_name("FILE.csv");
    c.option("--other-journal", a->other_journal,
             "Of a journal that has some of the clients: replace (it is not used any more) or keep (both are)")
        .value_name("replace|keep");
    c.flag("--same-account", a->same_account, "The token is this account's, whatever its clients show");
    c.flag("--json", a->json, "Print what was done as JSON");
    c.run([a] { return link(*a); });
}

}  // namespace baseload
