#include "journal_succession.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <string>

namespace baseload {
namespace {

[[noreturn]] void ask_which_journal_stays(const std::string& what) {
    throw command_error(
        exit_code::usage,
        fmt::format("{}: with both in use, each would create a new customer; nothing was linked. If that one is this "
                    "job's journal, name it in [journal]; if this job's takes its place, say --other-journal "
                    "replace; if both stay, each with fields of its own, say --other-journal keep, and set [journal] "
                    "before_create = \"look up\" in both",
                    what));
}

// Where the journal lies that has the own one's clients since; blank: the own one is in use.
std::string replacement_of(account_state& state, const std::string& own_id) {
    for (const used_journal& known : state.journals()) {
        if (known.id == own_id) {
            return known.replaced_by;
        }
    }
    return {};
}

}  // namespace

std::vector<used_journal> journals_to_replace(job_session& opened, const settings& job,
                                              std::vector<std::int64_t> clients, other_journal_policy policy) {
    account_state& state = opened.account().state();
    // It comes back by a person's word alone, and then the other one's part in all of its clients counts.
    if (const std::string by = replacement_of(state, opened.memory().id()); !by.empty()) {
        if (policy == other_journal_policy::refuse) {
            ask_which_journal_stays(fmt::format("the journal {} was replaced by {}", job.journal.text(),
                                                by == job.journal.text() ? "another one in its place" : by));
        }
        opened.memory().each_entry([&](const exported_entry& e) {
            if (e.state == "linked") {
                clients.push_back(*e.crm_client_id);
            }
        });
    }
    std::vector<used_journal> replaced;
    for (const other_journal& other : find_other_journals(state, opened.memory().id(), job.journal, clients)) {
        const std::string& path = other.journal.path;
        const bool is_concerned = other.clients > 0;
        if (is_concerned && policy == other_journal_policy::refuse) {
            ask_which_journal_stays(
                other.problem.empty()
                    ? fmt::format("{} {} known to the journal {} as well", counted(other.clients, "client"),
                                  other.clients == 1 ? "is" : "are", path)
                    : fmt::format("the journal {} may have some of the clients, and cannot be read ({})", path,
                                  other.problem));
        }
        const bool gives_way = is_concerned && policy == other_journal_policy::replace;
        if (gives_way && other.is_open) {
            throw command_error(exit_code::journal_busy,
                                fmt::format("a run goes on with the journal {}, or was killed: let it come to its end, "
                                            "so that what it creates can be linked; nothing was linked",
                                            path));
        }
        if (!other.is_there) {
            spdlog::warn("the journal {}, which was used with the account too, is not at its place: if it comes back, "
                         "a run refuses it until --accept-journal says that it has other customers",
                         path);
        }
        if (!other.is_there || gives_way) {
            replaced.push_back(other.journal);
        }
    }
    return replaced;
}

}  // namespace baseload
