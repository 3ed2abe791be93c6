#include "baseload/config/token.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

namespace baseload {
namespace {

// No message here shows a piece of what it found, since that may be the token (tests/config/token_test.cpp).
// A credential of systemd's (systemd.exec(5), LoadCredential): a file that the service's own user alone may read, which
// systemd sees to. Blank where there is none of that name.
std::string credential(const std::string& name) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr || name.find('/') != std::string::npos) {
        return {};
    }
    std::ifstream in(std::filesystem::path(folder) / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string from_environment(const std::string& variable) {
    const char* value = std::getenv(variable.c_str());
    if (value == nullptr || trimmed(value).empty()) {
        if (std::string text = credential(variable); !trimmed(text).empty()) {
            return text;
        }
        throw command_error(exit_code::usage,
                            fmt::format("the environment variable {0} holds no token: set it to the API token of the "
                                        "account (in the panel: My account, API), or name another source with "
                                        "[account] token_env or token_file in the job",
                                        variable));
    }
    return value;
}

std::string from_file(const std::filesystem::path& file) {
    struct stat status {};
    // Of a link it is the file behind it that counts (stat, not lstat).
    if (::stat(file.c_str(), &status) != 0) {
        throw command_error(exit_code::usage,
                            fmt::format("the token file {} cannot be read ({}): check [account] token_file",
                                        file.string(), std::strerror(errno)));
    }
    // As ssh does with private keys: whoever can read the token can change every customer of the account.
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        throw command_error(exit_code::usage,
                            fmt::format("the token file {0} can be used by others (mode {1:o}): run chmod 600 '{0}'",
                                        file.string(), static_cast<unsigned>(status.st_mode) & 0777U));
    }
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    // Also when it could not be opened, as another user's file with mode 600.
    if (!in.good() && !in.eof()) {
        throw command_error(exit_code::usage, fmt::format("the token file {} cannot be read", file.string()));
    }
    if (trimmed(text).empty()) {
        throw command_error(
            exit_code::usage,
            fmt::format("the token file {} is empty: put the API token of the account into it", file.string()));
    }
    return text;
}

}  // namespace

token read_token(const account_settings& account) {
    const bool environment = account.token_file.empty();
    // Trimmed, since editors and `echo` end a file with a line break.
    std::string text(trimmed(environment ? from_environment(account.token_env) : from_file(account.token_file)));
    // It becomes a header value: anything but visible ASCII would break the request.
    const bool visible = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
    if (!visible) {
        throw command_error(
            exit_code::usage,
            fmt::format("the token in {} has a space, a line break or a letter outside ASCII in it: copy it "
                        "again from the panel, alone on one line",
                        environment ? "the environment variable " + account.token_env : account.token_file.string()));
    }
    return token(std::move(text));
}

}  // namespace baseload
