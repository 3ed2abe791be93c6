#include "rehearsal_service.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace baseload {
namespace {

namespace fs = std::filesystem;

constexpr const char* made_up_token = "rehearsal";
constexpr const char* token_variable = "BASELOAD_REHEARSAL_TOKEN";

[[noreturn]] void refuse(const std::string& why) {
    throw command_error(exit_code::stopped,
                        fmt::format("the sandbox for the rehearsal did not start ({}); nothing was sent", why));
}

fs::path new_folder() {
    std::string name = (fs::temp_directory_path() / "baseload-rehearsal-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        refuse(std::strerror(errno));
    }
    return name;
}

// Its first line: the sandbox says where it listens.
std::string first_line(int descriptor) {
    std::string line;
    char c = 0;
    while (::read(descriptor, &c, 1) == 1 && c != '\n') {
        line += c;
    }
    return line;
}

}  // namespace

rehearsal_service::rehearsal_service(const settings& job) : folder_(new_folder()) {
    const std::string program = fs::read_symlink("/proc/self/exe").string();
    const std::string journal = (folder_ / "sandbox.state").string();
    std::array<std::string, 10> words = {"baseload", "sandbox", "--like",      job.job.string(), "--limit",
                                         "0",        "--token", made_up_token, "--state",        journal};
    std::array<char*, words.size() + 1> arguments{};
    for (std::size_t i = 0; i < words.size(); ++i) {
        arguments[i] = words[i].data();
    }
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) {
        refuse(std::strerror(errno));
    }
    process_ = ::fork();
    if (process_ == 0) {
        // Also when this process is killed.
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        ::dup2(pipe[1], STDOUT_FILENO);
        ::close(pipe[0]);
        ::close(pipe[1]);
        ::execv(program.c_str(), arguments.data());
        ::_exit(127);
    }
    ::close(pipe[1]);
    url_ = process_ > 0 ? first_line(pipe[0]) : std::string{};
    ::close(pipe[0]);
    if (url_.empty()) {
        refuse("it ended at once");
    }
}

rehearsal_service::~rehearsal_service() {
    if (process_ > 0) {
        ::kill(process_, SIGTERM);
        ::waitpid(process_, nullptr, 0);
    }
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

settings rehearsal_service::pointed_at_it(settings job) const {
    ::setenv(token_variable, made_up_token, 1);
    account_settings& account = job.account;
    account.url = url_;
    account.api = parse_endpoint(url_).value();
    account.name = "rehearsal";
    account.token_env = token_variable;
    account.token_file.clear();
    account.ca_file.clear();
    account.requests_per_minute = 0;
    account.connections = std::max<std::uint32_t>(account.connections, 16);
    account.settling_time = std::chrono::seconds(1);
    account.state_folder = folder_ / "state";
    account.limit_url.clear();
    fs::create_directories(account.state_folder);
    // In place of the job's own, be it in a file or in a database.
    job.journal = {.file = folder_ / "rehearsal.journal"};
    return job;
}

}  // namespace baseload
