#include "baseload/source/source_files.hpp"

#include "baseload/core/command_error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <system_error>

namespace baseload {
namespace {

namespace fs = std::filesystem;

std::optional<struct stat> status_of(const fs::path& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? std::optional(status) : std::nullopt;
}

bool has_pattern(const std::string& text) {
    return text.find_first_of("*?[") != std::string::npos;
}

// A folder that is called "[crm]" is no pattern: what is there by its own name is taken as it is.
std::string escaped(const fs::path& folder) {
    std::string text;
    for (const char c : folder.string()) {
        if (std::string_view("*?[\\").find(c) != std::string_view::npos) {
            text += '\\';
        }
        text += c;
    }
    return text;
}

fs::path with_escaped_folders(const fs::path& pattern) {
    fs::path folder;
    auto part = pattern.begin();
    while (part != pattern.end() && (!has_pattern(part->string()) || status_of(folder / *part))) {
        folder /= *part++;
    }
    fs::path whole = escaped(folder);
    for (; part != pattern.end(); ++part) {
        whole /= *part;
    }
    return whole;
}

std::vector<fs::path> matches_of(const fs::path& pattern) {
    ::glob_t matches{};
    const std::unique_ptr<::glob_t, decltype(&::globfree)> owner(&matches, &::globfree);
    // Sorted by the locale, which is "C": by bytes, the same on every machine.
    const int error = ::glob(with_escaped_folders(pattern).c_str(), GLOB_ERR, nullptr, &matches);
    if (error != 0 && error != GLOB_NOMATCH) {
        throw command_error(exit_code::usage, fmt::format("{}: its folder cannot be read; give this user the right to",
                                                          pattern.string()));
    }
    std::vector<fs::path> files;
    for (std::size_t i = 0; i < matches.gl_pathc; ++i) {
        // A folder "done.csv" is no source, nor a pipe. A link that leads nowhere is one that cannot be opened, which
        // must be said: an unmounted share is no empty one.
        const auto status = status_of(matches.gl_pathv[i]);
        if (!status || S_ISREG(status->st_mode)) {
            files.emplace_back(matches.gl_pathv[i]);
        }
    }
    return files;
}

void add(source_files& all, const fs::path& path) {
    const auto status = status_of(path);
    source_file file{.path = path};
    if (status) {
        file = {path, status->st_dev, status->st_ino, status->st_size, status->st_mtim};
    }
    const bool is_known = std::any_of(all.found.begin(), all.found.end(), [&](const source_file& other) {
        return other.path == path || (status && other.inode == file.inode && other.device == file.device);
    });
    if (!is_known) {
        all.found.push_back(std::move(file));
    }
}

bool is_younger(const fs::path& path, std::chrono::milliseconds settle) {
    std::error_code gone;
    const auto written = fs::last_write_time(path, gone);
    return !gone && fs::file_time_type::clock::now() - written < settle;
}

[[noreturn]] void refuse(const source_file& file, const fs::path& folder, const std::string& reason) {
    throw command_error(exit_code::stopped,
                        fmt::format("{} went in, and could not be moved to {} ({}); move it away yourself, or the next "
                                    "run reads it again",
                                    file.path.string(), folder.string(), reason));
}

std::string last_error() {
    return std::generic_category().message(errno);
}

// To another file system, where renaming does not lead. The copy is whole and on disk before the original goes.
void copy_to(const source_file& file, const fs::path& to) {
    std::error_code error;
    if (!fs::copy_file(file.path, to, fs::copy_options::none, error)) {
        const std::string reason = error.message();
        refuse(file, to.parent_path(), reason);
    }
    const int copy = ::open(to.c_str(), O_RDONLY | O_CLOEXEC);
    const bool is_synced = copy >= 0 && ::fsync(copy) == 0;
    const std::string reason = last_error();
    if (copy >= 0) {
        ::close(copy);
    }
    if (!is_synced) {
        fs::remove(to, error);
        refuse(file, to.parent_path(), reason);
    }
    fs::remove(file.path, error);
    if (error) {
        refuse(file, to.parent_path(), error.message());
    }
}

// Whether a process of this machine has it open for writing (fcntl(2), F_SETLEASE). Of a file of another user, or on a
// file system without leases, nobody can say: then no.
bool is_being_written(const fs::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return false;
    }
    const bool is_refused = ::fcntl(descriptor, F_SETLEASE, F_RDLCK) != 0 && errno == EAGAIN;
    ::close(descriptor);  // and the lease with it
    return is_refused;
}

// And no file of just that name.
bool is_pattern(const fs::path& path) {
    return has_pattern(path.string()) && !status_of(path);
}

}  // namespace

std::vector<fs::path> source_files::paths() const {
    std::vector<fs::path> all;
    for (const source_file& file : found) {
        all.push_back(file.path);
    }
    return all;
}

source_files find_source_files(const std::vector<fs::path>& paths, std::chrono::milliseconds settle) {
    source_files all;
    for (const fs::path& path : paths) {
        if (!is_pattern(path)) {
            add(all, path);
            continue;
        }
        const std::vector<fs::path> matches = matches_of(path);
        if (matches.empty()) {
            all.unmatched.push_back(path);
        }
        for (const fs::path& file : matches) {
            if (is_younger(file, settle) || is_being_written(file)) {
                all.unfinished.push_back(file);
            } else {
                add(all, file);
            }
        }
    }
    return all;
}

std::optional<fs::path> move_aside(const source_file& file, const fs::path& folder, const std::string& date_and_time) {
    const auto now = status_of(file.path);
    if (!now || now->st_ino != file.inode || now->st_dev != file.device || now->st_size != file.size ||
        now->st_mtim.tv_sec != file.written.tv_sec || now->st_mtim.tv_nsec != file.written.tv_nsec ||
        is_being_written(file.path)) {
        return std::nullopt;
    }
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        refuse(file, folder, error.message());
    }
    constexpr int most_of_one_name = 10'000;
    for (int i = 1; i < most_of_one_name; ++i) {
        const std::string more = i == 1 ? "" : fmt::format("-{}", i);
        const fs::path to = folder / fmt::format("{}-{}{}{}", file.path.stem().string(), date_and_time, more,
                                                 file.path.extension().string());
        // Atomic, and never over another file.
        if (::renameat2(AT_FDCWD, file.path.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
            return to;
        }
        if (errno == EEXIST) {
            continue;
        }
        if (errno == EXDEV || errno == EINVAL || errno == ENOSYS) {
            // EINVAL: a file system that cannot promise it. copy_file() refuses to write over another file too.
            if (fs::exists(to)) {
                continue;
            }
            copy_to(file, to);
            return to;
        }
        refuse(file, folder, last_error());
    }
    refuse(file, folder, "there are thousands of files of its name");
}

}  // namespace baseload
