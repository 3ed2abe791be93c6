#include "journal_lock.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/wall_clock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace baseload {
namespace {

std::string holder_of(int descriptor) {
    std::array<char, 200> text{};
    const ssize_t count = ::pread(descriptor, text.data(), text.size() - 1, 0);
    return count > 0 ? std::string(text.data(), static_cast<std::size_t>(count)) : "a process that is just starting";
}

}  // namespace

journal_lock::journal_lock(const std::filesystem::path& journal) {
    const std::string path = journal.string() + ".lock";
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor_ < 0) {
        throw command_error(
            exit_code::usage,
            fmt::format("the journal's lock {} cannot be opened ({}); the folder of [journal] path must exist and "
                        "be writable",
                        path, std::strerror(errno)));
    }
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        const int error = errno;
        const std::string holder = holder_of(descriptor_);
        ::close(descriptor_);
        if (error != EWOULDBLOCK) {
            throw command_error(exit_code::usage,
                                fmt::format("the journal's lock {} cannot be taken ({}); keep the journal on a "
                                            "local disk",
                                            path, std::strerror(error)));
        }
        throw command_error(
            exit_code::journal_busy,
            fmt::format("another run holds the journal {}: {}; wait until it has ended", journal.string(), holder));
    }
    const std::string text = fmt::format("process {}, started {}", ::getpid(), show_time(wall_now()));
    const bool written = ::ftruncate(descriptor_, 0) == 0 &&
                         ::pwrite(descriptor_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
    if (!written) {
        const int error = errno;
        ::close(descriptor_);
        throw command_error(exit_code::usage,
                            fmt::format("the journal's lock {} cannot be written ({}); free some space and run "
                                        "again",
                                        path, std::strerror(error)));
    }
}

journal_lock::~journal_lock() {
    ::close(descriptor_);
}

}  // namespace baseload
