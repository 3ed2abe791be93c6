#include "baseload/core/nearest.hpp"
#include "baseload/core/stop.hpp"
#include "baseload/core/text.hpp"
#include "commands.hpp"
#include "print.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace baseload {
namespace {

// The token is in memory: no core of this process is written, here or by a helper. (The
// sanitizers' leak check needs to trace its own process.)
void keep_secrets_from_cores() {
    const ::rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

void set_process_up() {
    keep_secrets_from_cores();
    // A closed pipe or a file-size limit is an error of the write, not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    spdlog::set_default_logger(spdlog::stderr_color_st("baseload"));
    spdlog::set_pattern("%Y-%m-%d %H:%M:%S %^%l%$ %v");
}

// CLI11 would only say that a subcommand is required.
void refuse_unknown_command(const CLI::App& app, int argument_count, char** arguments) {
    const std::string first = argument_count > 1 ? arguments[1] : "";
    if (first.empty() || first.front() == '-') {
        return;
    }
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(command->get_name());
    }
    if (std::find(names.begin(), names.end(), first) == names.end()) {
        throw stop(exit_code::usage, fmt::format("there is no command {}{}; there are {}", in_quotes(first),
                                                 did_you_mean(first, names), listed(names)));
    }
}

int run(int argument_count, char** arguments) {
    CLI::App app{"Brings customer files into the CRM of Base.com: each row key is one client, exactly once."};
    app.name("baseload");
    app.set_version_flag("--version", "baseload " BASELOAD_VERSION);
    app.require_subcommand(1);
    chosen_command chosen;
    add_init_command(app, chosen);
    add_preview_command(app, chosen);
    add_check_command(app, chosen);
    add_plan_command(app, chosen);
    add_run_command(app, chosen);
    add_runs_command(app, chosen);
    add_export_command(app, chosen);
    add_link_command(app, chosen);
    add_undo_command(app, chosen);
    add_resolve_command(app, chosen);
    add_account_command(app, chosen);
    add_sandbox_command(app, chosen);
    refuse_unknown_command(app, argument_count, arguments);
    try {
        app.parse(argument_count, arguments);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            return app.exit(error);  // help, or the version
        }
        throw stop(exit_code::usage, fmt::format("{}; --help says what there is", error.what()));
    }
    return static_cast<int>(chosen());
}

}  // namespace
}  // namespace baseload

int main(int argument_count, char** arguments) {
    using baseload::exit_code;
    using baseload::print_error;
    baseload::set_process_up();
    try {
        const int code = baseload::run(argument_count, arguments);
        if (std::fflush(stdout) != 0) {
            print_error("baseload: standard output cannot be written\n");
            return static_cast<int>(exit_code::stopped);
        }
        return code;
    } catch (const baseload::stop& reason) {
        print_error(fmt::format("baseload: {}\n", reason.what()));
        return static_cast<int>(reason.code());
    } catch (const std::exception& error) {
        print_error(fmt::format("baseload: stopped by an unforeseen error ({}); what was recorded is kept, and a rerun "
                                "goes on\n",
                                error.what()));
        return static_cast<int>(exit_code::stopped);
    }
}
