#include "baseload/maintenance/doubt_decision.hpp"

#include "baseload/config/job_file.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "commands.hpp"
#include "print.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace baseload {
namespace {

struct arguments {
    std::string job;
    std::string key;
    std::optional<std::int64_t> id;
    bool create = false;
    bool same_account = false;
    bool json = false;
};

std::string result_text(const arguments& a, const std::vector<std::string>& differing) {
    // Without --id it is --create: resolve() lets nothing else through.
    if (!a.id) {
        return fmt::format("{} is not in the account: the next run creates it", in_quotes(a.key));
    }
    // What differs is no failure: staff may have edited the client, or the service may show a text in another form.
    const std::string rest =
        differing.empty() ? std::string{}
                          : fmt::format("; it shows {} otherwise than was sent: the next run sends what the file has",
                                        listed(differing));
    return fmt::format("{} is client {}{}", in_quotes(a.key), *a.id, rest);
}

std::string result_json(const arguments& a, const std::vector<std::string>& differing) {
    boost::json::object all;
    all["key"] = a.key;
    all["crm_client_id"] = a.id ? boost::json::value(*a.id) : boost::json::value(nullptr);
    all["differing"] = boost::json::array(differing.begin(), differing.end());
    return boost::json::serialize(all);
}

exit_code resolve(const arguments& a) {
    const settings job = read_job(a.job);
    // One of the two, since each ends the doubt in its own way, and neither is a safe default.
    if (a.id.has_value() == a.create) {
        throw command_error(exit_code::usage,
                            "say either --id N, the client that the row became, or --create, when there is none");
    }
    std::vector<std::string> differing;
    if (a.id) {
        differing = resolve_as(job, a.key, *a.id, a.same_account);
    } else {
        // Asks nothing of the account: the person's word is enough.
        resolve_as_absent(job, a.key);
    }
    a.json ? print_json(result_json(a, differing)) : print_text(result_text(a, differing) + "\n");
    return exit_code::success;
}

}  // namespace

void add_resolve_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("resolve", "Settle a create in doubt by your own word");
    c.example("baseload resolve shop.toml K00017 --id 5031");
    c.option("JOB", a->job, "The job (.toml)").required();
    c.option("KEY", a->key, "The row's key, as the summary names it").required();
    c.option("--id", a->id, "It became this client of the account").value_name("N").positive();
    c.flag("--create", a->create, "The account does not have it: the next run creates it");
    c.flag("--same-account", a->same_account, "The token is this account's, whatever its clients show");
    c.flag("--json", a->json, "Print what was settled as JSON");
    c.run([a] { return resolve(*a); });
}

}  // namespace baseload
