#include "journal_file.hpp"

#include "baseload/core/command_error.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <string>
#include <system_error>

namespace baseload {
namespace {

// SQLite reads a file in WAL mode only beside files that it may write. Where it may not (a
// backup, a read-only disk), a file without a log is whole by itself.
bool settled_by_itself(const std::filesystem::path& path) {
    std::error_code no_log;
    const auto log_size = std::filesystem::file_size(path.string() + "-wal", no_log);
    // The folder counts and not the file: SQLite would have to make the log and its index there.
    const std::string folder = path.has_parent_path() ? path.parent_path().string() : ".";
    return (no_log || log_size == 0) && ::access(folder.c_str(), W_OK) != 0;
}

// https://www.sqlite.org/uri.html
std::filesystem::path immutable_uri(const std::filesystem::path& path) {
    std::string uri = "file:";
    for (const char c : path.string()) {
        // These three have a meaning of their own in a URI; in a file name they are characters like any other.
        uri += c == '?' ? "%3f" : c == '#' ? "%23" : c == '%' ? "%25" : std::string(1, c);
    }
    return uri + "?immutable=1";
}

// SQLite would wait for ever for what a pipe says.
void refuse_no_file(const std::filesystem::path& path) {
    std::error_code none;
    const std::filesystem::file_status there = std::filesystem::status(path, none);
    if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there)) {
        throw command_error(exit_code::usage,
                            fmt::format("the journal {} is no file; name a file in [journal] path", path.string()));
    }
}

// By each of its names a file has another log and another lock.
void refuse_second_name(const std::filesystem::path& file) {
    std::error_code none;
    const auto names = std::filesystem::hard_link_count(file, none);
    if (!none && names > 1 && std::filesystem::is_regular_file(file, none)) {
        throw command_error(
            exit_code::usage,
            fmt::format("the journal {} has {} names (hard links), and each would have a log of its own; "
                        "delete the others (find -samefile names them), or make a symbolic link instead",
                        file.string(), names));
    }
}

}  // namespace

std::filesystem::path journal_file_to_write(const std::filesystem::path& file) {
    // One file has one lock, by whatever name it is reached.
    std::error_code ignored;
    const auto canonical = std::filesystem::weakly_canonical(file, ignored);
    const auto& real = ignored ? file : canonical;
    refuse_no_file(real);
    refuse_second_name(real);
    return real;
}

std::filesystem::path journal_file_to_read(const std::filesystem::path& file) {
    refuse_no_file(file);
    return settled_by_itself(file) ? immutable_uri(file) : file;
}

}  // namespace baseload
