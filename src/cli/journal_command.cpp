#include "baseload/api/account_database.hpp"
#include "baseload/config/job_file.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "baseload/database/postgres_place.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/journal/journal_upkeep.hpp"
#include "baseload/session/account_session.hpp"
#include "commands.hpp"
#include "print.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace baseload {
namespace {

namespace json = boost::json;

struct arguments {
    std::string action;
    std::string journal;
    std::string target;
    std::string role;
    bool is_backup = false;
    bool json = false;
};

// Also one that is misspelt, and what else libpq takes: it would be a strange name for a file, and may have a password.
bool looks_like_url(const std::string& text) {
    const std::string lower = ascii_lower(text);
    const auto has = [&](const char* piece) { return lower.find(piece) != std::string::npos; };
    const std::size_t colon = text.find(':');
    return has("://") || has("postgres:") || has("postgresql:") || has("password=") || has("host=") ||
           (colon != std::string::npos && text.find('@', colon) != std::string::npos);
}

// By its job, by its file, or by the database's URL and the journal's name behind a #.
journal_locator journal_named(const std::string& text) {
    if (std::filesystem::path(text).extension() == ".toml") {
        return read_job(text).journal;
    }
    if (!looks_like_url(text)) {
        return {.file = std::filesystem::absolute(text).lexically_normal()};
    }
    const std::string url = text.substr(0, text.rfind('#'));
    if (const std::string problem = problem_of_database_url(url); !problem.empty()) {
        throw command_error(exit_code::usage, "the URL " + problem);
    }
    journal_locator place = journal_locator::of_text(text);
    if (place.is_file()) {
        throw command_error(exit_code::usage,
                            "the URL names no journal of that database; write its name behind it: …#customers");
    }
    if (!journal_locator::is_name(place.name)) {
        // Behind a # in a password its rest would stand here.
        const std::string shown =
            place.name.find('@') == std::string::npos ? in_quotes(place.name) : "what is behind #";
        throw command_error(exit_code::usage, fmt::format("{} is no name for a journal in a database: {}", shown,
                                                          journal_locator::name_rule));
    }
    return place;
}

std::string size_text(std::uint64_t bytes) {
    return bytes < 10'000'000 ? fmt::format("{} KB", (bytes + 999) / 1000)
                              : fmt::format("{} MB", (bytes + 500'000) / 1'000'000);
}

json::array holders_json(const std::vector<journal_holder>& holders) {
    json::array all;
    for (const journal_holder& holder : holders) {
        all.push_back(
            json::object{{"holder", holder.who},
                         {"shard", holder.part.is_whole() ? json::value(nullptr) : json::value(holder.part.text())}});
    }
    return all;
}

exit_code show_facts(const arguments& a) {
    const journal_locator where = journal_named(a.journal);
    const journal_facts facts = facts_of(where);
    const std::vector<journal_holder> holders = holders_of(where);
    if (a.json) {
        print_json(json::serialize(json::object{
            {"journal", where.text()},
            {"engine", where.is_file() ? "SQLite" : "PostgreSQL"},
            {"format", facts.format},
            {"id", facts.id},
            {"url", facts.url},
            {"account", facts.account},
            {"key_columns", facts.key_columns},
            {"clients", facts.clients},
            {"deleted", facts.deleted},
            {"in_doubt", facts.in_doubt},
            {"unsettled", facts.unsettled},
            {"refused", facts.refused},
            {"runs", facts.runs},
            {"last_run", facts.last_run ? json::value(show_time(*facts.last_run)) : json::value(nullptr)},
            {"held", !holders.empty()},
            {"holders", holders_json(holders)},
            {"may_lack_clients", facts.may_lack_clients},
            {"bytes", facts.bytes},
            {"moved_to", facts.moved_to.empty() ? json::value(nullptr) : json::value(facts.moved_to)},
            {"backup_of", facts.backup_of.empty() ? json::value(nullptr) : json::value(facts.backup_of)}}));
        return exit_code::success;
    }
    std::string text = fmt::format("journal   {} ({}, format {})\n", where.text(),
                                   where.is_file() ? "SQLite" : "PostgreSQL", facts.format);
    text += fmt::format("id        {}\n", facts.id);
    text += facts.url.empty() ? "account   none yet\n"
                              : fmt::format("account   {} at {}\n", in_quotes(facts.account), facts.url);
    text += fmt::format("keys      from {}\n", facts.key_columns.empty() ? "no column yet" : facts.key_columns);
    text += fmt::format("clients   {}, {} of them deleted in the account\n", facts.clients, facts.deleted);
    text += fmt::format("open      {} in doubt, {} without an answer, {} refused\n", counted(facts.in_doubt, "create"),
                        counted(facts.unsettled, "update"), counted(facts.refused, "row"));
    text += fmt::format("runs      {}{}\n", facts.runs,
                        facts.last_run ? ", the last one begun " + show_local_time(*facts.last_run) : "");
    const char* const not_closed = where.is_file()
                                       ? "not closed: its last run was killed, and the next goes on"
                                       : "not closed: its last run was killed, or shards of it are still to "
                                         "come; the next goes on";
    text += fmt::format("state     {}\n", !holders.empty() ? "held by a run" : facts.is_open ? not_closed : "closed");
    for (const journal_holder& holder : holders) {
        text += fmt::format("          {}\n", holder.who);
    }
    if (facts.may_lack_clients) {
        text += "          it may lack what was recorded last: runs look for each new customer first, until baseload "
                "link\n";
    }
    text += fmt::format("size      {}\n", size_text(facts.bytes));
    if (!facts.moved_to.empty()) {
        text += fmt::format("moved     its clients were given to {}, which is in use in its place\n", facts.moved_to);
    }
    if (!facts.backup_of.empty()) {
        text += fmt::format("backup    of {}, which is in use\n", facts.backup_of);
    }
    print_text(text);
    return exit_code::success;
}

exit_code check(const arguments& a) {
    const journal_locator where = journal_named(a.journal);
    const journal_check found = check_journal(where);
    if (a.json) {
        print_json(
            json::serialize(json::object{{"journal", where.text()},
                                         {"clients", found.clients},
                                         {"problems", json::array(found.problems.begin(), found.problems.end())}}));
    } else {
        for (const std::string& problem : found.problems) {
            print_text(problem + "\n");
        }
        print_text(
            found.problems.empty()
                ? fmt::format("{}: {}, and all of it fits together\n", where.text(), counted(found.clients, "client"))
                : fmt::format("{}: {}; restore it from a backup, or let baseload link bring a new one in step "
                              "with the account\n",
                              where.text(), counted(found.problems.size(), "problem")));
    }
    return found.problems.empty() ? exit_code::success : exit_code::incomplete;
}

exit_code copy(const arguments& a) {
    if (a.target.empty()) {
        throw command_error(exit_code::usage, "copy takes two journals: the one that is there, and the new one");
    }
    const journal_locator from = journal_named(a.journal);
    const journal_locator to = journal_named(a.target);
    const journal_copy done = copy_journal(from, to, a.is_backup);
    if (a.json) {
        print_json(json::serialize(
            json::object{{"from", from.text()}, {"to", to.text()}, {"rows", done.rows}, {"checksum", done.checksum}}));
        return exit_code::success;
    }
    print_text(fmt::format("{}, the same in both (checksum {})\n", counted(done.rows, "row"), done.checksum));
    print_text(a.is_backup ? fmt::format("{} stays in use; {} is its backup\n", from.text(), to.text())
                           : fmt::format("{} is the one to be used from now on; a run with {} is refused\n", to.text(),
                                         from.text()));
    return exit_code::success;
}

// For an administrator who lets no importer make tables.
exit_code print_schema(const arguments& a) {
    const settings job = read_job(a.journal);
    if (a.role.empty()) {
        throw command_error(exit_code::usage, "schema takes the database's user that is to run the job: --user NAME");
    }
    if (job.journal.is_file() && job.account.limit_url.empty()) {
        throw command_error(exit_code::usage, "the job has nothing in a database: neither [journal] url nor [account] "
                                              "limit_url");
    }
    if (!job.journal.is_file()) {
        print_text(fmt::format("-- The journal {}\n", job.journal.text()));
        print_text(script_for_administrator(job.journal, a.role));
    }
    print_text(fmt::format("-- The request limit of the account {}, in {}\n", in_quotes(job.account.name),
                           job.account.limit_url));
    print_text(
        script_for_administrator({.url = job.account.limit_url, .account = account_identity(job.account)}, a.role));
    return exit_code::success;
}

exit_code act(const arguments& a) {
    if (a.action == "info") {
        return show_facts(a);
    }
    if (a.action == "check") {
        return check(a);
    }
    return a.action == "copy" ? copy(a) : print_schema(a);
}

}  // namespace

void add_journal_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("journal", "Look at a journal, check it, copy it between file and database; ask nobody");
    c.example("baseload journal copy shop.journal 'postgresql://db.example/crm#shop'");
    c.option(
         "ACTION", a->action,
         "info: what it holds, and whose it is. check: whether it fits together. copy: to a new one, compared row by "
         "row. schema: SQL that makes the tables of a job's journal and limit in a database")
        .required()
        .one_of({"info", "check", "copy", "schema"});
    c.option("JOURNAL", a->journal, "A job (.toml), a journal's file, or a database's URL with #NAME").required();
    c.option("TO", a->target, "Of copy: the new journal, named likewise");
    c.flag("--backup", a->is_backup, "Of copy: the new one is a backup, and the other stays in use");
    c.option("--user", a->role, "Of schema: the database's user that runs the job").value_name("NAME");
    c.flag("--json", a->json, "A JSON object");
    c.footer("Exit codes: 0 done, and all of it fits together; 1 it does not; 2 it cannot be read; 75 a run holds it.");
    c.run([a] { return act(*a); });
}

}  // namespace baseload
