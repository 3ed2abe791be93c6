#include "baseload/config/job_file.hpp"
#include "baseload/core/text.hpp"
#include "baseload/session/list_reader.hpp"
#include "baseload/session/name_lookup.hpp"
#include "commands.hpp"
#include "print.hpp"
#include "text_table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace baseload {
namespace {

// Filled by the parser; the function given to run() holds it, so it lives as long as the command is to be done.
struct arguments {
    std::string job;
    bool json = false;
};

// Of a date, so that people see which date_format their account wants.
std::string sample_text(const std::string& date) {
    return all_digits(date) ? fmt::format("a client has {}: date_format = \"unix\"", date)
                            : fmt::format("a client has {}", date);
}

// By number, since [fields] and [extra_fields] take numbers; names are for `lookup` and for people.
std::string result_text(const account_listing& account) {
    std::vector<std::vector<std::string>> statuses{{"status_id", "name", ""}};
    for (const client_status& s : account.statuses) {
        statuses.push_back({std::to_string(s.id), s.name, s.is_primary ? "(primary)" : ""});
    }
    std::vector<std::vector<std::string>> fields{{"extra field", "name", "editor", "options"}};
    for (const extra_field_type& f : account.extra_fields) {
        const auto sample = account.date_samples.find(f.id);
        fields.push_back({std::to_string(f.id), f.name, f.editor,
                          sample == account.date_samples.end() ? listed(f.options) : sample_text(sample->second)});
    }
    std::vector<std::vector<std::string>> contractors{{"contractor_id", "name"}};
    for (const contractor& c : account.contractors) {
        contractors.push_back({std::to_string(c.id), c.name});
    }
    return text_table(statuses) + "\n" + text_table(fields) + "\n" + text_table(contractors);
}

// The names are a contract with scripts: never rename one.
std::string result_json(const account_listing& account) {
    boost::json::array statuses;
    for (const client_status& s : account.statuses) {
        statuses.push_back({{"id", s.id}, {"name", s.name}, {"is_primary", s.is_primary}});
    }
    boost::json::array fields;
    for (const extra_field_type& f : account.extra_fields) {
        boost::json::object field{{"id", f.id},
                                  {"name", f.name},
                                  {"editor_type", f.editor},
                                  {"options", boost::json::array(f.options.begin(), f.options.end())}};
        if (const auto sample = account.date_samples.find(f.id); sample != account.date_samples.end()) {
            field["sample"] = sample->second;
        }
        fields.push_back(std::move(field));
    }
    boost::json::array contractors;
    for (const contractor& c : account.contractors) {
        contractors.push_back({{"id", c.id}, {"name", c.name}});
    }
    boost::json::object all;
    all["statuses"] = std::move(statuses);
    all["extra_fields"] = std::move(fields);
    all["contractors"] = std::move(contractors);
    all["requests"] = account.requests;
    return boost::json::serialize(all);
}

exit_code show_account(const arguments& a) {
    const settings job = read_job(a.job);
    const account_listing account = list_account(job);
    a.json ? print_json(result_json(account)) : print_text(result_text(account));
    // The rest of the listing is still good, so this is no failure of the command.
    if (account.contractors_fault) {
        print_error(fmt::format("the contractors could not be read: {}\n", account.contractors_fault->problem));
    }
    // After the printing: a journal that cannot be written must not hide what the account said. Later commands that ask
    // nothing, such as `check`, know names and editors from it.
    cache_listing(job, account);
    return exit_code::success;
}

}  // namespace

void add_account_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("account", "The account's statuses, extra fields and contractors, by number");
    c.example("baseload account shop.toml");
    c.option("JOB", a->job, "The job (.toml)").required();
    c.flag("--json", a->json, "Print them as JSON");
    c.run([a] { return show_account(*a); });
}

}  // namespace baseload
