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

// The holder writes its text after it has taken the lock (below), so a second run may find the file empty for a moment.
std::string holder_of(int descriptor) {
    std::array<char, 200> text{};
    const ssize_t count = ::pread(descriptor, text.data(), text.size() - 1, 0);
    return count > 0 ? std::string(text.data(), static_cast<std::size_t>(count)) : "a process that is just starting";
}

}  // namespace

journal_lock::journal_lock(const std::filesystem::path& journal) {
    const std::string path = journal.string() + ".lock";
    // O_CLOEXEC: a flock belongs to the open file and not to the process (flock(2)), so a child that inherited it would
    // hold the journal after this run has ended.
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor_ < 0) {
        throw command_error(
            exit_code::usage,
            fmt::format("the journal's lock {} cannot be opened ({}); the folder of [journal] path must exist and "
                        "be writable",
                        path, std::strerror(errno)));
    }
    // LOCK_NB: a second run fails at once and names the holder, instead of waiting for hours without a word.
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        const int error = errno;
        const std::string holder = holder_of(descriptor_);
        ::close(descriptor_);
        // EWOULDBLOCK alone says that another holds it. Other errors (flock(2): ENOLCK, say) tell nothing of a holder,
        // and a network file system is the usual reason.
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
    // Only the holder gets here, so nobody else writes this text. A text of a longer former holder is cut off first.
    const std::string text = fmt::format("process {}, started {}", ::getpid(), show_time(wall_now()));
    const bool written = ::ftruncate(descriptor_, 0) == 0 &&
                         ::pwrite(descriptor_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
    if (!written) {
        const int error = errno;
        // A constructor that throws runs no destructor: the descriptor is closed here.
        ::close(descriptor_);
        throw command_error(exit_code::usage,
                            fmt::format("the journal's lock {} cannot be written ({}); free some space and run "
                                        "again",
                                        path, std::strerror(error)));
    }
}

// The file is not removed: a process that had just opened it would lock the removed file, and a third one a new file of
// the same name, and both would run.
journal_lock::~journal_lock() {
    ::close(descriptor_);
}

}  // namespace baseload
