#include "baseload/core/stop.hpp"
#include "commands.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <exception>

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

int run(int argument_count, char** arguments) {
    CLI::App app{"Brings customer files into the CRM of Base.com: each row key is one client, exactly once."};
    app.name("baseload");
    app.set_version_flag("--version", "baseload " BASELOAD_VERSION);
    app.require_subcommand(1);
    chosen_command chosen;
    add_run_command(app, chosen);
    add_runs_command(app, chosen);
    add_export_command(app, chosen);
    add_sandbox_command(app, chosen);
    try {
        app.parse(argument_count, arguments);
    } catch (const CLI::ParseError& error) {
        const bool asked_for_help = error.get_exit_code() == 0;
        app.exit(error);
        return static_cast<int>(asked_for_help ? exit_code::success : exit_code::usage);
    }
    return static_cast<int>(chosen());
}

} // namespace
} // namespace baseload

int main(int argument_count, char** arguments) {
    using baseload::exit_code;
    baseload::set_process_up();
    try {
        const int code = baseload::run(argument_count, arguments);
        if (std::fflush(stdout) != 0) {
            fmt::print(stderr, "baseload: standard output cannot be written\n");
            return static_cast<int>(exit_code::stopped);
        }
        return code;
    } catch (const baseload::stop& reason) {
        fmt::print(stderr, "baseload: {}\n", reason.what());
        return static_cast<int>(reason.code());
    } catch (const std::exception& error) {
        fmt::print(stderr, "baseload: stopped by an unforeseen error ({}); what was recorded is kept, and a rerun goes on\n",
                   error.what());
        return static_cast<int>(exit_code::stopped);
    }
}
