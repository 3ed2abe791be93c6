#include "baseload/source/input_file.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/termination.hpp"
#include "baseload/core/text.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace baseload {
namespace {

[[noreturn]] void unreadable(const std::string& name, int error) {
    const char* remedy = error == ENOENT   ? "check the path: [source] path is relative to the job's folder"
                         : error == EACCES ? "give this user the right to read it"
                                           : "check the path";
    throw command_error(exit_code::usage,
                        fmt::format("{}: cannot be opened ({}); {}", name, std::strerror(error), remedy));
}

// A file without a name: it is gone when the descriptor is closed, however that comes.
// For standard input, which both passes read and nobody can read twice. mkostemp makes it readable by its owner alone.
int open_temporary() {
    const char* folder = std::getenv("TMPDIR");
    std::string path = std::string(folder != nullptr && *folder != '\0' ? folder : "/tmp") + "/baseload-XXXXXX";
    const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
    if (descriptor < 0) {
        throw command_error(exit_code::usage,
                            fmt::format("no temporary file for standard input in {} ({}); set TMPDIR to a "
                                        "folder with room for it",
                                        path, std::strerror(errno)));
    }
    // The name is gone at once; the file lives as long as its descriptor.
    ::unlink(path.c_str());
    return descriptor;
}

// Until there is something to read, or a signal ends the wait: whoever writes may take his time.
// poll() passes over the descriptor of signals when it is -1, as it is where signals end the process.
void wait_for_input() {
    std::array<::pollfd, 2> waited = {::pollfd{STDIN_FILENO, POLLIN, 0}, ::pollfd{termination_descriptor(), POLLIN, 0}};
    static_cast<void>(::poll(waited.data(), waited.size(), -1));
    throw_if_termination_requested();
}

void write_all(int descriptor, const char* bytes, std::size_t count) {
    while (count > 0) {
        const ssize_t written = ::write(descriptor, bytes, count);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            throw command_error(exit_code::usage,
                                fmt::format("standard input cannot be kept in a temporary file ({}); set "
                                            "TMPDIR to a folder with room for it",
                                            std::strerror(errno)));
        }
        bytes += written;
        count -= static_cast<std::size_t>(written);
    }
}

}  // namespace

input_file::input_file(const std::filesystem::path& path)
    : name_(path == "-" ? "standard input" : shown(path.string())) {
    if (path == "-") {
        spool_standard_input();
        return;
    }
    // No O_NONBLOCK: a pipe that nobody writes to would make this wait, and the check below comes too late for it.
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) {
        unreadable(name_, errno);
    }
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) {
        const int error = errno;
        ::close(descriptor_);
        unreadable(name_, error);
    }
    // Both passes read by position, which a pipe or a device does not allow.
    if (!S_ISREG(status.st_mode)) {
        ::close(descriptor_);
        throw command_error(exit_code::usage,
                            fmt::format("{}: is {}, not a file; name a CSV file, or - for standard input", name_,
                                        S_ISDIR(status.st_mode) ? "a directory" : "a device or a pipe"));
    }
    // What the passes go by: the file may grow while it is read, and has_changed() tells.
    size_ = static_cast<std::uint64_t>(status.st_size);
    written_ = status.st_mtim;
}

input_file::~input_file() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

input_file::input_file(input_file&& other) noexcept
    : name_(std::move(other.name_)), descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_),
      // The descriptor has one owner: the other's destructor then closes nothing.
      written_(other.written_) {}

void input_file::spool_standard_input() {
    descriptor_ = open_temporary();
    std::array<char, 65536> buffer{};
    for (;;) {
        wait_for_input();
        const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            unreadable(name_, errno);
        }
        if (count == 0) {
            break;
        }
        write_all(descriptor_, buffer.data(), static_cast<std::size_t>(count));
        size_ += static_cast<std::uint64_t>(count);
    }
    // Written to until now, so its time is known only here.
    struct stat status {};
    ::fstat(descriptor_, &status);
    written_ = status.st_mtim;
}

// The survey and the run must see the same rows, so the second pass asks now and then (import/row_planner.cpp). A name
// that leads to another file by now is no change.
bool input_file::has_changed() const {
    struct stat status {};
    return ::fstat(descriptor_, &status) != 0 || static_cast<std::uint64_t>(status.st_size) != size_ ||
           status.st_mtim.tv_sec != written_.tv_sec || status.st_mtim.tv_nsec != written_.tv_nsec;
}

std::size_t input_file::read_at(std::uint64_t offset, char* into, std::size_t count) const {
    std::size_t filled = 0;
    while (filled < count) {
        // pread moves no position: several readers may use the descriptor at the same time, on several threads.
        const ssize_t got = ::pread(descriptor_, into + filled, count - filled, static_cast<off_t>(offset + filled));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        // Never taken for the end, or a bad sector would make missing keys of all rows behind it.
        if (got < 0) {
            throw command_error(exit_code::stopped,
                                fmt::format("{}: reading failed at byte {} ({}); nothing is lost, run again "
                                            "when the disk is well",
                                            name_, offset + filled, std::strerror(errno)));
        }
        if (got == 0) {
            break;
        }
        filled += static_cast<std::size_t>(got);
    }
    return filled;
}

}  // namespace baseload
