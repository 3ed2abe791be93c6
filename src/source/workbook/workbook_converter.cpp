#include "source/workbook/workbook_converter.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/termination.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

extern char** environ;

namespace baseload {
namespace {

namespace fs = std::filesystem;

// A converter that hangs must not hang the import.
constexpr std::chrono::minutes longest{5};

// What a converter needs of our environment, and not the token of the account: it opens files that others have filled
// in.
std::vector<char*> environment_of_converter() {
    constexpr std::array<std::string_view, 9> needed = {
        "PATH=", "HOME=", "USER=", "LOGNAME=", "LANG=", "LC_", "TMPDIR=", "LD_LIBRARY_PATH=", "XDG_"};
    std::vector<char*> kept;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        if (std::any_of(needed.begin(), needed.end(), [&](std::string_view name) { return text.starts_with(name); })) {
            kept.push_back(*variable);
        }
    }
    kept.push_back(nullptr);
    return kept;
}

// A folder that only this user can look into (mkdtemp: mode 0700), since a workbook of customers is in it; removed with
// all that is in it.
class scratch_folder {
public:
    scratch_folder() {
        std::string pattern = (fs::temp_directory_path() / "baseload-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw command_error(
                exit_code::usage,
                fmt::format("no temporary folder {} ({}); set TMPDIR to one with room", pattern, std::strerror(errno)));
        }
        path_ = pattern;
    }
    ~scratch_folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;

    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

// As a shell would find it. A script or a link may be one; a folder of that name is none.
std::optional<fs::path> find_program(std::string_view name) {
    const char* path = std::getenv("PATH");
    std::string_view folders = path != nullptr ? path : "/usr/bin:/bin";
    while (!folders.empty()) {
        const std::size_t end = std::min(folders.find(':'), folders.size());
        const fs::path program = fs::path(folders.substr(0, end)) / name;
        if (::access(program.c_str(), X_OK) == 0 && fs::is_regular_file(program)) {
            return program;
        }
        folders.remove_prefix(std::min(end + 1, folders.size()));
    }
    return std::nullopt;
}

// By descriptor, so that what is converted is the file that was opened.
void copy_out(const input_file& file, const fs::path& to) {
    std::ofstream out(to, std::ios::binary);
    std::string piece(std::size_t{1} << 20U, '\0');
    for (std::uint64_t at = 0; at < file.size(); at += piece.size()) {
        out.write(piece.data(), static_cast<std::streamsize>(file.read_at(at, piece.data(), piece.size())));
    }
    if (!out.flush()) {
        throw command_error(exit_code::usage,
                            fmt::format("{}: no room to convert it ({}); set TMPDIR to a folder with more", file.name(),
                                        std::strerror(errno)));
    }
}

// Whether the command ended well within its time; its process group is killed when it did not.
bool run_within(std::vector<std::string> command, std::chrono::milliseconds limit) {
    std::vector<char*> arguments;
    std::transform(command.begin(), command.end(), std::back_inserter(arguments), [](auto& a) { return a.data(); });
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    // What the program prints would mix with our own output, and it must not read our standard input.
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        ::posix_spawn_file_actions_addopen(&files, descriptor, "/dev/null", O_RDWR, 0);
    }
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    // A group of its own: LibreOffice starts a second process, and both have to be killed together.
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    pid_t child = 0;
    std::vector<char*> environment = environment_of_converter();
    const int failed = ::posix_spawn(&child, arguments[0], &files, &attributes, arguments.data(), environment.data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    if (failed != 0) {
        return false;
    }
    const auto deadline = std::chrono::steady_clock::now() + limit;
    int status = 0;
    // waitpid has no deadline, and a signal for us must end the child as well.
    while (::waitpid(child, &status, WNOHANG) == 0) {
        if (std::chrono::steady_clock::now() > deadline || is_termination_requested()) {
            ::kill(-child, SIGKILL);
            ::waitpid(child, &status, 0);
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    // An exit code of 0 alone does not mean that the file was made: the caller looks.
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// Named, since LibreOffice takes what it cannot make out for a text, and a workbook that was cut off for a table of
// rubbish. The one for Excel 97 reads all older ones too.
std::string filter_of(const std::string& extension) {
    return extension == "xls" ? "--infilter=MS Excel 97" : "--infilter=Calc MS Excel 2007 Binary";
}

}  // namespace

input_file converted_workbook(const input_file& file, const std::string& extension) {
    // Asked before the file is copied. Gnumeric does not read .xlsb.
    const auto office = find_program("soffice");
    const auto gnumeric = find_program("ssconvert");
    if (!office && !(gnumeric && extension == "xls")) {
        throw command_error(
            exit_code::usage,
            fmt::format("{}: is an .{} workbook, which LibreOffice has to convert, and it is not installed; save "
                        "the workbook as .xlsx, or install the package libreoffice-calc{}",
                        file.name(), extension, extension == "xls" ? " (or gnumeric)" : ""));
    }
    const scratch_folder folder;
    const fs::path original = folder.path() / ("workbook." + extension);
    // A folder of its own, since LibreOffice names the result after the original.
    const fs::path made = folder.path() / "made" / "workbook.xlsx";
    fs::create_directory(made.parent_path());
    copy_out(file, original);
    // A profile of its own: an open LibreOffice of this user would take the work, and not wait.
    const bool done =
        office
            ? run_within({office->string(), "-env:UserInstallation=file://" + (folder.path() / "profile").string(),
                          "--headless", "--norestore", filter_of(extension), "--convert-to", "xlsx", "--outdir",
                          made.parent_path().string(), original.string()},
                         longest)
            : run_within({gnumeric->string(), "--export-type=Gnumeric_Excel:xlsx2", original.string(), made.string()},
                         longest);
    // Before the message: a child that was killed for a signal has not failed.
    throw_if_termination_requested();
    if (!done || !fs::exists(made)) {
        throw command_error(exit_code::usage,
                            fmt::format("{}: {} cannot convert this .{} workbook, or not within five minutes; "
                                        "save it as .xlsx and try again",
                                        file.name(), office ? "LibreOffice" : "Gnumeric", extension));
    }
    // Opened before the folder is removed; the descriptor keeps the file.
    return input_file(made, file.name());
}

}  // namespace baseload
