#include "baseload/run/resolve.hpp"

#include "baseload/config/job_file.hpp"
#include "baseload/core/stop.hpp"
#include "baseload/core/text.hpp"
#include "commands.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace baseload {
namespace {

struct arguments {
    std::string job;
    std::string key;
    std::optional<std::int64_t> id;
    bool create = false;
};

exit_code resolve(const arguments& a) {
    const settings job = read_job(a.job);
    if (a.id.has_value() == a.create) {
        throw stop(exit_code::usage,
                   "say either --id N, the client that the row became, or --create, when there is none");
    }
    if (a.create) {
        resolve_as_absent(job, a.key);
        fmt::print("{} is not in the account: the next run creates it\n", in_quotes(a.key));
        return exit_code::success;
    }
    const std::vector<std::string> differing = resolve_as(job, a.key, *a.id);
    const std::string rest =
        differing.empty() ? std::string{}
                          : fmt::format("; it shows {} otherwise than was sent: the next run sends what the file has",
                                        listed(differing));
    fmt::print("{} is client {}{}\n", in_quotes(a.key), *a.id, rest);
    return exit_code::success;
}

}  // namespace

void add_resolve_command(CLI::App& app, chosen_command& chosen) {
    const auto a = std::make_shared<arguments>();
    CLI::App* command = app.add_subcommand("resolve", "Settle a create in doubt by your own word");
    command->add_option("JOB", a->job, "The job (.toml)")->required();
    command->add_option("KEY", a->key, "The row's key, as the summary names it")->required();
    command->add_option("--id", a->id, "It became this client of the account")
        ->type_name("N")
        ->check(CLI::PositiveNumber);
    command->add_flag("--create", a->create, "The account does not have it: the next run creates it");
    command->callback([a, &chosen] { chosen = [a] { return resolve(*a); }; });
}

}  // namespace baseload
