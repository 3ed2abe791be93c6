#include "baseload/api/state_folder.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/fingerprint.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <system_error>

namespace baseload {
namespace {

namespace fs = std::filesystem;

fs::path state_folder() {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value == nullptr ? "" : value);
    };
    // systemd gives several folders separated by colons; the first is the service's own.
    if (const std::string directory = variable("STATE_DIRECTORY"); !directory.empty()) {
        return directory.substr(0, directory.find(':'));
    }
    // https://specifications.freedesktop.org/basedir-spec: a relative path is invalid, and is ignored.
    if (const fs::path state = variable("XDG_STATE_HOME"); state.is_absolute()) {
        return state / "baseload";
    }
    std::string home = variable("HOME");
    if (home.empty()) {
        // A service without HOME, such as one of systemd's, has a folder in the user database.
        const ::passwd* user = ::getpwuid(::getuid());
        home = user != nullptr && user->pw_dir != nullptr ? user->pw_dir : "/";
    }
    return fs::path(home) / ".local/state/baseload";
}

}  // namespace

// The name is a hash, since an account's name may hold characters that a file name must not.
fs::path account_state_file(const std::string& account, const fs::path& named_folder) {
    const fs::path folder = named_folder.empty() ? state_folder() : named_folder;
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        throw command_error(
            exit_code::usage,
            fmt::format("the state folder {} cannot be made ({}); it keeps the request limit across runs: point "
                        "STATE_DIRECTORY to a folder that this user may write",
                        folder.string(), error.message()));
    }
    const fingerprint hash = fingerprint_of(account);
    return folder / fmt::format("account-{:016x}.state", hash.high);
}

}  // namespace baseload
