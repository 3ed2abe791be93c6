#include "baseload/maintenance/undo.hpp"

#include "baseload/config/job_file.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "commands.hpp"
#include "print.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <iostream>
#include <memory>
#include <string>

namespace baseload {
namespace {

namespace json = boost::json;

struct arguments {
    std::string job;
    std::int64_t run = 0;
    bool yes = false;
    bool same_account = false;
    bool json = false;
};

// Before the question: what would be done, and what would be left.
std::string told(const undo_preview& p) {
    std::string text =
        fmt::format("run {} of {} from {}: {} to delete", p.run.summary.run, show_time(p.run.summary.started),
                    p.run.summary.source, counted(p.deletions, "client"));
    if (p.restorations > 0) {
        text += fmt::format(", {} to restore", counted(p.restorations, "client"));
    }
    text += "\n";
    // Never below 0, whatever the journal's figures are.
    const std::uint64_t without = p.updates - std::min<std::uint64_t>(p.updates, p.restorations + p.later);
    if (without > 0) {
        text += fmt::format("  {} as {}: nobody read the clients before ([journal] backup = true does), "
                            "or the account showed no status\n",
                            without == 1 ? "1 update stays" : grouped(without) + " updates stay",
                            without == 1 ? "it is" : "they are");
    }
    if (p.deleted_as_missing > 0) {
        text += fmt::format("  {} that it deleted as missing cannot be brought back\n",
                            counted(p.deleted_as_missing, "client"));
    }
    // Their order matters: the later run's backup holds what this run has sent.
    if (p.later > 0) {
        text += fmt::format("  {} changed again by a later run stay as they are: undo that one first\n",
                            counted(p.later, "client"));
    }
    // A create in doubt may have made a client that the journal cannot name yet.
    if (p.doubtful > 0) {
        text += fmt::format("  {} of that run in doubt: the next run looks them up; undo it again after that\n",
                            counted(p.doubtful, "create"));
    }
    return text;
}

// Deleting cannot be undone, so silence is no yes: a script has to say --yes.
bool agreed() {
    if (::isatty(STDIN_FILENO) == 0) {
        throw command_error(exit_code::usage, "nobody is there to ask; say --yes to do it all the same");
    }
    // On standard error: --json leaves standard output to the result.
    print_error("Deleted clients do not come back; their orders stay. Go on? [y/N] ");
    std::string answer;
    std::getline(std::cin, answer);
    // Anything else is a no, and so is the end of input.
    return answer == "y" || answer == "yes";
}

std::string result_json(const undo_summary& s) {
    json::object all;
    all["run"] = s.run;
    all["deleted"] = s.deleted;
    all["gone"] = s.gone;
    all["restored"] = s.restored;
    all["left_over"] = s.left_over;
    all["left"] = json::array(s.left.begin(), s.left.end());
    all["requests"] = s.requests;
    all["stopped_because"] = s.stopped_because.empty() ? json::value(nullptr) : json::value(s.stopped_because);
    all["exit_code"] = static_cast<int>(s.code);
    return json::serialize(all);
}

std::string result_text(const undo_summary& s) {
    std::string text = fmt::format("run {}: {} deleted, {} restored", s.run, grouped(s.deleted), grouped(s.restored));
    if (s.gone > 0) {
        text += fmt::format(", {} gone before", grouped(s.gone));
    }
    text += fmt::format("; {}\n", counted(s.requests, "request"));
    for (const std::string& left : s.left) {
        text += fmt::format("  {}\n", left);
    }
    if (s.left_over > s.left.size()) {
        text += fmt::format("  and {} more\n", grouped(s.left_over - s.left.size()));
    }
    if (!s.stopped_because.empty()) {
        text += fmt::format("  ended early: {}; the same command goes on\n", s.stopped_because);
    }
    return text;
}

exit_code undo(const arguments& a) {
    // Holds the journal from here on, so what is told below is still true when the answer comes.
    run_undo undoing(read_job(a.job), a.run, a.same_account);
    const undo_preview& p = undoing.preview();
    print_error(told(p));
    if (p.deletions + p.restorations > 0 && !a.yes && !agreed()) {
        print_error("nothing was undone\n");
        // No success, or a script would take it for an undo.
        return exit_code::usage;
    }
    // The journal keeps step with each answer, so the same command goes on after a stop.
    const undo_summary summary = undoing.carry_out();
    a.json ? print_json(result_json(summary)) : print_text(result_text(summary));
    return summary.code;
}

}  // namespace

void add_undo_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("undo", "Delete the clients that a run created, and restore what it updated");
    c.example("baseload undo shop.toml --run 7");
    c.option("JOB", a->job, "The job (.toml)").required();
    c.option("--run", a->run, "The run's number, as `runs` shows it").value_name("N").required();
    c.flag("--yes", a->yes, "Do not ask");
    c.flag("--same-account", a->same_account, "The token is this account's, whatever its clients show");
    c.flag("--json", a->json, "Print what was done as JSON");
    c.run([a] { return undo(*a); });
}

}  // namespace baseload
