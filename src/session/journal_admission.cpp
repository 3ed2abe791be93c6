#include "baseload/session/journal_admission.hpp"

#include "baseload/core/journal_locator.hpp"
#include "baseload/journal/journal_upkeep.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace baseload {
namespace {

constexpr const char* way_out =
    "put the right one back, or let baseload link find the customers that it lacks; if you know that none is missing, "
    "say --accept-journal";

std::string objection_to_unknown(bool has_history, const std::string& path, const used_journal& last) {
    if (has_history) {
        return fmt::format("the journal {} is not known here, and the account has been written to with {}: a customer "
                           "that this one lacks would be made again; {}. If these are two accounts, give each an "
                           "[account] name of its own",
                           path, last.path, way_out);
    }
    return fmt::format("the journal {} is new, and the account has been written to with {}: every customer that is in "
                       "the account would be made again. If that is this job's journal, put it back, name it in "
                       "[journal], or move it here with baseload journal copy; if it is lost, baseload link finds the "
                       "customers; if this job brings customers "
                       "of its own, say --first-run. If these are two accounts, give each an [account] name of its own",
                       path, last.path == path ? "an earlier one in its place" : last.path);
}

}  // namespace

journal_standing standing_of(const journal_identity& journal, bool has_history, const std::string& path,
                             const std::vector<used_journal>& known, const admission_options& options) {
    const auto mine =
        std::find_if(known.begin(), known.end(), [&](const used_journal& j) { return j.id == journal.id(); });
    journal_standing standing{.objection = {}, .sessions = mine == known.end() ? 0 : mine->sessions};
    // A person says that nothing is missing; the count is handed on all the same, so that the journal counts on from
    // it.
    if (options.accept_journal) {
        return standing;
    }
    if (mine != known.end() && !mine->replaced_by.empty()) {
        standing.objection = fmt::format(
            "the journal {} is not in use any more: baseload link brought {} in step with the account, and has given "
            "its customers to that one, or did not find it at its place; with both in use a new customer would be made "
            "twice. Run the job that has that one; if this one is used in its place, or has other customers than that "
            "one, say --accept-journal",
            path, mine->replaced_by);
    } else if (journal.has_lost_its_log()) {
        standing.objection =
            journal_locator::is_database_url(path)
                ? fmt::format("the journal {} was copied from a file whose log was gone: what was recorded last is "
                              "missing, and would be made again; {}",
                              path, way_out)
                : fmt::format("the journal {0} was not closed, and its log {0}-wal is gone: what was recorded "
                              "last is missing, and would be made again; bring the log along, or {1} (a program such "
                              "as sqlite3 "
                              "that looked into it after a kill has put the log into the file: then nothing is)",
                              path, way_out);
        // Below and not "other than": a count above means that the state file is the older one, which loses no client.
    } else if (mine != known.end() && journal.sessions_found() < mine->sessions) {
        standing.objection =
            fmt::format("the journal {} is older than the one that was used last{}: what was recorded "
                        "since is missing, and would be made again; {}",
                        path, mine->path == path ? " from here" : fmt::format(" ({})", mine->path), way_out);
        // A state folder that knows no journal is new: it has nothing to say against any of them.
    } else if (mine == known.end() && !known.empty() && (has_history || !options.first_run)) {
        standing.objection = objection_to_unknown(has_history, path, known.front());
    }
    return standing;
}

std::string objection_to_copied(account_notes& notes, const std::string& path) {
    const std::string moved_to = notes.recalled(note_of_move).value_or("");
    const std::string backup_of = notes.recalled(note_of_backup).value_or("");
    if (moved_to.empty() && backup_of.empty()) {
        return "";
    }
    return fmt::format(
        "the journal {} is not in use: {} {}, and with both in use a new customer would be made twice. Name "
        "that one in [journal]; if this one is used in its place, say --accept-journal",
        path, moved_to.empty() ? "it is a backup of" : "baseload journal copy has given its clients to",
        moved_to.empty() ? backup_of : moved_to);
}

}  // namespace baseload
