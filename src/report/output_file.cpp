#include "baseload/report/output_file.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <utility>

namespace baseload {
namespace {

namespace fs = std::filesystem;

constexpr mode_t owner_alone = 0600;

// A device, a pipe or a socket: it cannot be replaced by a file under a new name.
bool is_no_file(const fs::path& path) {
    std::error_code error;
    const fs::file_status there = fs::status(path, error);
    return fs::exists(there) && !fs::is_regular_file(there) && !fs::is_directory(there);
}

// /dev/stdout leads to whatever that is, a file too, which must not be replaced under those who write to it.
bool is_descriptor(const fs::path& path) {
    const std::string name = path.string();
    return name.starts_with("/dev/fd/") || name.starts_with("/dev/std") || name.starts_with("/proc/self/fd/");
}

}  // namespace

output_file::output_file(const fs::path& path) {
    std::error_code ignored;
    // Otherwise rename() would replace the link and leave the file that it leads to as it was.
    const fs::path target = fs::weakly_canonical(path, ignored);  // a link stays, and what it leads to is written
    place_ = ignored ? path : target;
    if (is_no_file(place_) || is_descriptor(path)) {
        place_ = path;
        name_ = place_.string();
        // O_NOCTTY: a terminal that is written to must not become the one whose signals end the process. O_APPEND:
        // standard output may be a log that others write to as well.
        descriptor_ = ::open(name_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
    } else if (fs::is_directory(place_, ignored)) {
        // For fail(), which reads errno.
        errno = EISDIR;
    } else {
        open_beside();
    }
    if (descriptor_ < 0) {
        fail();
    }
}

void output_file::open_beside() {
    // In the same folder, since rename() works within one file system only.
    name_ = fmt::format("{}.{}.part", place_.string(), ::getpid());
    const fs::path folder = place_.has_parent_path() ? place_.parent_path() : ".";
    // What cannot get its name in the end must fail at once, before anything is sent.
    const bool can_be_named =
        fs::path(name_).filename().string().size() <= NAME_MAX && ::access("/proc/self/fd", X_OK) == 0;
    if (can_be_named) {
        descriptor_ = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, owner_alone);
    }
    is_nameless_ = descriptor_ >= 0;
    if (!is_nameless_) {
        // A file system that knows no nameless files (NFS). What stands there is of a process that was killed.
        ::unlink(name_.c_str());
        descriptor_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, owner_alone);
    }
    struct stat before {};
    if (descriptor_ >= 0 && ::stat(place_.c_str(), &before) == 0) {
        // Whoever may read yesterday's file may read today's. Both may fail, and then it stays the owner's.
        static_cast<void>(::fchown(descriptor_, static_cast<uid_t>(-1), before.st_gid));
        static_cast<void>(::fchmod(descriptor_, before.st_mode & 0777U));
    }
}

// Without close(), as when a run ends by an exception, what stood there before still stands.
output_file::~output_file() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
        if (name_ != place_.string() && !is_nameless_) {
            ::unlink(name_.c_str());
        }
    }
}

// The kernel's way to give a nameless file a name (open(2), O_TMPFILE).
void output_file::take_name() {
    ::unlink(name_.c_str());
    const std::string own = fmt::format("/proc/self/fd/{}", descriptor_);
    if (::linkat(AT_FDCWD, own.c_str(), AT_FDCWD, name_.c_str(), AT_SYMLINK_FOLLOW) != 0) {
        fail();
    }
}

// Keeps the first problem: the ones after it follow from it.
void output_file::fail() {
    if (problem_.empty()) {
        problem_ = std::strerror(errno);
    }
}

void output_file::write(std::string_view text) {
    while (!text.empty() && problem_.empty()) {
        const ssize_t written = ::write(descriptor_, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            // write() may take a part, or nothing when a signal came.
            continue;
        }
        if (written < 0) {
            fail();
            return;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

void output_file::close() {
    if (descriptor_ < 0) {
        return;
    }
    if (is_nameless_ && problem_.empty()) {
        take_name();
    }
    // Some file systems (NFS) only tell here that the disk is full.
    if (::close(std::exchange(descriptor_, -1)) != 0) {
        fail();
    }
    // A device or a pipe has had its text already.
    if (name_ == place_.string()) {
        return;
    }
    // What is not whole is not put there. fail() keeps the problem of the writing, where there was one.
    if (!problem_.empty() || ::rename(name_.c_str(), place_.c_str()) != 0) {
        fail();
        ::unlink(name_.c_str());
    }
}

}  // namespace baseload
