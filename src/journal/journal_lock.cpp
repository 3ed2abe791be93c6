#include "journal_lock.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/wall_clock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace baseload {
namespace {

// The holder writes its text after it has taken the lock (below), so a second run may find the file empty for a moment.
constexpr const char* starting = "a process that is just starting";

std::string holder_of(int descriptor) {
    std::array<char, 200> text{};
    const ssize_t count = ::pread(descriptor, text.data(), text.size() - 1, 0);
    const std::string holder(text.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    return holder.empty() ? starting : holder.substr(0, holder.find('\n'));
}

// A lock by fcntl(2), which belongs to the open file as that of flock does.
struct flock whole_file() {
    struct flock all {};
    all.l_type = F_WRLCK;
    all.l_whence = SEEK_SET;
    return all;
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
    // The same once more in the way that others can ask for (holder_of_lock); flock has no question. Where a file
    // system has no such locks nobody sees that this run is under way.
    struct flock mark = whole_file();
    static_cast<void>(::fcntl(descriptor_, F_OFD_SETLK, &mark));
    // Only the holder gets here, so nobody else writes this text. A text of a longer former holder is cut off first.
    const std::string text = fmt::format("process {}, started {}", ::getpid(), show_time(wall_now()));
    holder_length_ = text.size();
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

// One write, so that a reader finds the old text or the new one: on a local file system it is done under the file's
// lock. The end mark tells it from the rest of a longer one before.
void journal_lock::note(const std::string& text) const {
    const std::string line = "\n" + text + "\n";
    static_cast<void>(!::pwrite(descriptor_, line.data(), line.size(), static_cast<off_t>(holder_length_)));
}

std::optional<lock_holder> holder_of_lock(const std::filesystem::path& journal) {
    const std::string path = journal.string() + ".lock";
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return std::nullopt;
    }
    // Asked for and not taken: a run that begins in this moment would be refused otherwise. It tells a run under way
    // from one that was killed, whose text is still there.
    struct flock mark = whole_file();
    const bool is_held = ::fcntl(descriptor, F_OFD_GETLK, &mark) == 0 && mark.l_type != F_UNLCK;
    std::optional<lock_holder> holder;
    if (is_held) {
        std::array<char, 4096> text{};
        const ssize_t count = ::pread(descriptor, text.data(), text.size(), 0);
        const std::string all(text.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        const std::size_t begin = all.find('\n');
        const std::string who = all.empty() ? starting : all.substr(0, begin);
        const std::size_t end = begin == std::string::npos ? begin : all.find('\n', begin + 1);
        holder = {who, end == std::string::npos ? "" : all.substr(begin + 1, end - begin - 1)};
    }
    ::close(descriptor);
    return holder;
}

// The file is not removed: a process that had just opened it would lock the removed file, and a third one a new file of
// the same name, and both would run.
journal_lock::~journal_lock() {
    ::close(descriptor_);
}

}  // namespace baseload
