#include "baseload/core/command_error.hpp"
#include "commands.hpp"
#include "print.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>

namespace baseload {
namespace {

// The token is in memory: no core of this process is written, here or by a helper. (The
// sanitizers' leak check needs to trace its own process.)
void keep_secrets_from_cores() {
    // Children have it too, since limits are inherited; the flag below is this process's alone.
    const ::rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

// Where one of the three is closed, the next file that is opened would take its place, and get what is printed.
void open_standard_descriptors() {
    // open() takes the lowest free number, so this fills the gaps one after the other.
    int descriptor = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    while (descriptor >= 0 && descriptor <= STDERR_FILENO) {
        // Standard descriptors are inherited by programs that are started, so these do not close on exec.
        static_cast<void>(::fcntl(descriptor, F_SETFD, 0));
        descriptor = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    }
    if (descriptor > STDERR_FILENO) {
        ::close(descriptor);
    }
}

// One thread alone uses SQLite, so it needs no locks; nor does anybody ask how much memory it takes, which it would
// count with every allocation. Only before its first use (sqlite3_config).
void set_sqlite_up() {
    ::sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    ::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

// A drop folder may hold more files than the 1,024 that a process has open by default, and forty jobs too.
void allow_many_files() {
    ::rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

void set_process_up() {
    // First, before anything can be opened or printed.
    open_standard_descriptors();
    // umask() can only be read by setting it.
    ::umask(::umask(0) | 077);  // what is written holds customers
    keep_secrets_from_cores();
    set_sqlite_up();
    // A closed pipe or a file-size limit is an error of the write, not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    allow_many_files();
    set_log_up();
}

int run(int argument_count, char** arguments) {
    // BASELOAD_VERSION comes from CMakeLists.txt, where alone the version stands.
    command_line line("Brings customer files into the CRM of Base.com: each row key is one client, exactly once.",
                      "baseload " BASELOAD_VERSION "\nbuilt with " BASELOAD_LIBRARIES);
    add_init_command(line);
    add_preview_command(line);
    add_check_command(line);
    add_plan_command(line);
    add_run_command(line);
    add_status_command(line);
    add_runs_command(line);
    add_report_command(line);
    add_export_command(line);
    add_journal_command(line);
    add_link_command(line);
    add_undo_command(line);
    add_resolve_command(line);
    add_audit_command(line);
    add_account_command(line);
    add_doctor_command(line);
    add_sandbox_command(line);
    add_documentation_command(line);
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
        // What was printed may still be in stdio's buffer: a full disk or a closed pipe shows here at the latest, and
        // an exit code of 0 would hide it.
        if (std::fflush(stdout) != 0) {
            print_error("baseload: standard output cannot be written\n");
            return static_cast<int>(exit_code::stopped);
        }
        return code;
        // The message is printed here and nowhere else; the code is what scripts go by.
    } catch (const baseload::command_error& reason) {
        print_error(fmt::format("baseload: {}\n", reason.what()));
        return static_cast<int>(reason.code());
        // A fault of the program or of the machine (memory, ICU's data). What is durable stays so, so a rerun is safe.
    } catch (const std::exception& error) {
        print_error(fmt::format("baseload: stopped by an unforeseen error ({}); what was recorded is kept, and a rerun "
                                "goes on\n",
                                error.what()));
        return static_cast<int>(exit_code::stopped);
    }
}
