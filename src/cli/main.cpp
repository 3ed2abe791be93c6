#include "baseload/core/command_error.hpp"
#include "commands.hpp"
#include "print.hpp"

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
    command_line line("Brings customer files into the CRM of Base.com: each row key is one client, exactly once.",
                      "baseload " BASELOAD_VERSION);
    add_init_command(line);
    add_preview_command(line);
    add_check_command(line);
    add_plan_command(line);
    add_run_command(line);
    add_runs_command(line);
    add_export_command(line);
    add_link_command(line);
    add_undo_command(line);
    add_resolve_command(line);
    add_account_command(line);
    add_sandbox_command(line);
    return static_cast<int>(line.run(argument_count, arguments));
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
    } catch (const baseload::command_error& reason) {
        print_error(fmt::format("baseload: {}\n", reason.what()));
        return static_cast<int>(reason.code());
    } catch (const std::exception& error) {
        print_error(fmt::format("baseload: stopped by an unforeseen error ({}); what was recorded is kept, and a rerun "
                                "goes on\n",
                                error.what()));
        return static_cast<int>(exit_code::stopped);
    }
}
