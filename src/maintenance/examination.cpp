#include "baseload/maintenance/examination.hpp"

#include "baseload/api/block_notice.hpp"
#include "baseload/api/crm_account.hpp"
#include "baseload/api/crm_clients.hpp"
#include "baseload/config/token.hpp"
#include "baseload/core/boot_clock.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "baseload/core/wall_clock.hpp"
#include "baseload/journal/journal_upkeep.hpp"
#include "baseload/session/account_session.hpp"
#include "baseload/session/job_journal.hpp"
#include "baseload/session/journal_admission.hpp"
#include "baseload/session/name_lookup.hpp"
#include "baseload/source/source_files.hpp"
#include "baseload/survey/open_source.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace baseload {
namespace {

namespace asio = boost::asio;
using state = finding::state;

// A clock that is further off makes the times in logs and summaries wrong; the limit is kept by another clock.
constexpr std::chrono::seconds notable_skew{60};

finding fault_of(std::string what, const std::exception& why) {
    return {.what = std::move(what), .how = state::bad, .found = why.what()};
}

finding limit_of(account_session& session, const settings& job, boot_clock::time_point now) {
    if (job.account.requests_per_minute == 0) {
        return {.what = "limit", .found = "lifted"};
    }
    const account_state::usage usage = session.state().in_use(now);
    return {.what = "limit",
            .how = usage.limit < job.account.requests_per_minute ? state::notable : state::good,
            .found = fmt::format("{} of {} requests a minute in use by {}{}", usage.taken, usage.limit,
                                 job.account.limit_url.empty() ? "this machine" : "all hosts",
                                 usage.limit < job.account.requests_per_minute
                                     ? ", less than the job's since others use the account too"
                                     : "")};
}

finding look_at_source(const settings& job) {
    if (job.source.paths.empty()) {
        return {
            .what = "source", .how = state::notable, .found = "the job names none", .remedy = "name it with each run"};
    }
    if (job.source.paths.front() == "-") {
        return {.what = "source", .found = "standard input"};
    }
    try {
        source_settings files = job.source;
        files.paths = find_source_files(job.source.paths, job.source.settle).paths();
        if (files.paths.empty()) {
            return {.what = "source",
                    .how = state::notable,
                    .found = fmt::format("{}: no file is there now", name_of(job.source)),
                    .remedy = "that is no fault of a drop folder; else correct [source] path"};
        }
        const auto source = open_source(files);
        return {.what = "source",
                .found = fmt::format("{}: {}, {}", source->name(), source->describe().kind,
                                     counted(source->columns().names.size(), "column"))};
    } catch (const command_error& why) {
        return fault_of("source", why);
    }
}

// Held against its owner, and a file also against another run; in a database a run of another host goes on meanwhile.
std::unique_ptr<journal> open_as_a_run_does(const settings& job) {
    return job.journal.is_file() ? open_job_journal(job) : open_job_journal_to_read(job);
}

void look_at_journal(const settings& job, std::vector<finding>& all) {
    try {
        if (!journal_exists(job.journal)) {
            all.push_back({.what = "journal",
                           .how = state::notable,
                           .found = job.journal.text() + " is not there yet: the first run makes it",
                           .remedy = "if there was one, restore it, or say baseload link"});
            return;
        }
        const auto j = open_as_a_run_does(job);
        const std::vector<run_record> runs = j->runs();
        const journal_facts facts = facts_of(job.journal);
        all.push_back({.what = "journal",
                       .found = fmt::format("{}: {}, {}", job.journal.text(), counted(facts.clients, "client"),
                                            counted(runs.size(), "run"))});
        if (facts.may_lack_clients) {
            all.push_back({.what = "journal",
                           .how = state::notable,
                           .found = "it may lack what was recorded last: runs look for each new customer first",
                           .remedy = "baseload link finds those that are missing"});
        }
        if (!job.journal.is_file() && !holders_of(job.journal).empty()) {
            // What follows would be about its own work.
            all.push_back({.what = "journal",
                           .how = state::notable,
                           .found = "a run holds it",
                           .remedy = "baseload status tells whose it is, and how far"});
            return;
        }
        if (const std::size_t doubts = j->doubtful_keys().size(); doubts > 0) {
            all.push_back({.what = "in doubt",
                           .how = state::notable,
                           .found = counted(doubts, "create"),
                           .remedy = "the next run looks them up; baseload export lists them"});
        }
        if (!runs.empty()) {
            const run_summary& last = runs.back().summary;
            const bool failed = runs.back().ended && last.code != exit_code::success;
            all.push_back({.what = "last run",
                           .how = failed || !runs.back().ended ? state::notable : state::good,
                           .found = fmt::format("{}, {}{}", show_time(last.started),
                                                runs.back().ended ? fmt::format("exit {}", static_cast<int>(last.code))
                                                                  : std::string("did not end"),
                                                last.stopped_because.empty() ? "" : ": " + last.stopped_because)});
        }
    } catch (const command_error& why) {
        all.push_back(fault_of("journal", why));
    }
}

// What the account's state file says against it, as a run would hear it.
void look_at_standing(const settings& job, account_state& known, std::vector<finding>& all) {
    try {
        const auto j = journal_exists(job.journal) ? open_as_a_run_does(job) : open_empty_journal(owner_of(job));
        const journal_standing standing = standing_of(*j, j->has_history(), job.journal.text(), known.journals(), {});
        for (const std::string& objection : {objection_to_copied(*j, job.journal.text()), standing.objection}) {
            if (!objection.empty()) {
                all.push_back({.what = "journal", .how = state::bad, .found = objection});
            }
        }
    } catch (const command_error&) {
        // Said where the journal was looked at.
    }
}

struct account_answers {
    std::optional<std::string> problem;  // of the first read
    std::optional<std::string> clients_problem;
    std::string date;  // of the service's clock
    std::size_t statuses = 0;
};

asio::awaitable<account_answers> ask(account_session& session) {
    account_answers answers;
    api_caller api = session.new_caller();
    api_call lists = list_statuses();
    const create_hooks none;
    call_outcome outcome = co_await api.make(lists, none);
    if (outcome.how != call_outcome::ending::accepted) {
        answers.problem = session.stop().requested() ? session.stop().reason() : outcome.why;
        co_return answers;
    }
    answers.date = outcome.date;
    const auto statuses = read_statuses(outcome.body);
    answers.statuses = statuses ? statuses->size() : 0;
    const result<std::string> clients = co_await api.read(list_clients({}, 1));
    if (!clients) {
        answers.clients_problem = session.stop().requested() ? session.stop().reason() : clients.error().problem;
    }
    co_return answers;
}

void look_at_clock(const std::string& date, std::vector<finding>& all) {
    const auto there = http_date(date);
    if (!there) {
        return;
    }
    const auto skew = std::chrono::abs(wall_now() - *there);
    const std::string text = show_duration(std::chrono::duration_cast<std::chrono::milliseconds>(skew));
    all.push_back(skew > notable_skew ? finding{.what = "clock",
                                                .how = state::notable,
                                                .found = text + " off the service's",
                                                .remedy = "set this machine's clock (timedatectl set-ntp true)"}
                                      : finding{.what = "clock", .found = "as the service's"});
}

// Where a block is known nothing is sent: a request would prolong it.
void look_at_account(const settings& job, token secret, std::vector<finding>& all) {
    try {
        settings impatient = job;
        impatient.account.give_up_after = std::chrono::milliseconds(0);  // a person waits for the answer
        account_session session(impatient, std::move(secret));
        const boot_clock::time_point now = session.clock().now();
        look_at_standing(job, session.state(), all);
        all.push_back(limit_of(session, job, now));
        if (const auto until = session.state().blocked_until(now); until > now) {
            all.push_back({.what = "account",
                           .how = state::bad,
                           .found = "is blocked, for another " +
                                    show_duration(std::chrono::duration_cast<std::chrono::milliseconds>(until - now)),
                           .remedy = "wait: each request prolongs it"});
            return;
        }
        const account_answers answers = session.run(ask(session));
        if (answers.problem) {
            all.push_back({.what = "account", .how = state::bad, .found = *answers.problem});
            return;
        }
        all.push_back({.what = "account",
                       .found = fmt::format("{} answers; it has {} for clients", job.account.url,
                                            answers.statuses == 1 ? std::string("1 status")
                                                                  : grouped(answers.statuses) + " statuses")});
        all.push_back(answers.clients_problem
                          ? finding{.what = "permissions", .how = state::bad, .found = *answers.clients_problem}
                          : finding{.what = "permissions", .found = "the token may read clients"});
        look_at_clock(answers.date, all);
    } catch (const command_error& why) {
        all.push_back(fault_of("account", why));
    }
}

}  // namespace

std::vector<finding> examine(const settings& job) {
    std::vector<finding> all;
    all.push_back(look_at_source(job));
    look_at_journal(job, all);
    std::optional<token> secret;
    try {
        secret = read_token(job.account);
        all.push_back({.what = "token",
                       .found = job.account.token_file.empty() ? "in the environment variable " + job.account.token_env
                                                               : "in " + job.account.token_file.string()});
    } catch (const command_error& why) {
        all.push_back(fault_of("token", why));
    }
    // Without a token nobody can be asked.
    if (secret) {
        look_at_account(job, std::move(*secret), all);
    }
    return all;
}

}  // namespace baseload
