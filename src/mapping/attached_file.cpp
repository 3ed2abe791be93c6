#include "baseload/mapping/attached_file.hpp"

#include "baseload/core/fingerprint.hpp"
#include "baseload/core/text.hpp"
#include "invalid_value.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <optional>
#include <utility>

namespace baseload {
namespace {

namespace fs = std::filesystem;

// As it stands below a folder: people write their own system's separators.
fs::path relative_path(std::string name) {
    std::replace(name.begin(), name.end(), '\\', '/');
    return fs::path(std::move(name)).lexically_normal();
}

// A descriptor that closes itself; below 0 when there is none.
class file_descriptor {
public:
    explicit file_descriptor(int descriptor) : descriptor_(descriptor) {}
    ~file_descriptor() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    file_descriptor(file_descriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    file_descriptor& operator=(file_descriptor&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    [[nodiscard]] int get() const { return descriptor_; }
    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

private:
    int descriptor_;
};

// From the folder on no step follows a link, none leads up, and what is opened is a file: whatever others put there
// meanwhile. errno says why it could not be opened.
file_descriptor open_below(const fs::path& folder, const fs::path& relative) {
    // Only the folder itself may be a link: the job names it, and not a cell. O_PATH needs no right to list it.
    file_descriptor at(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    for (auto part = relative.begin(); part != relative.end() && at.is_open(); ++part) {
        const bool is_last = std::next(part) == relative.end();
        // Without O_NONBLOCK the opening of a named pipe would wait until somebody writes to it.
        const int kind = is_last ? O_RDONLY | O_NONBLOCK : O_PATH | O_DIRECTORY;
        // lexically_normal() has removed every .. but leading ones, so the path leads up or is absolute from its first
        // part on.
        if (*part == ".." || part->is_absolute()) {
            errno = EXDEV;
            return file_descriptor(-1);
        }
        // A link gives ELOOP as a file and ENOTDIR as a folder (open(2)). The descriptor before it is closed here,
        // which leaves errno as it is.
        at = file_descriptor(::openat(at.get(), part->c_str(), kind | O_NOFOLLOW | O_CLOEXEC));
    }
    struct stat found {};
    if (at.is_open() && (::fstat(at.get(), &found) != 0 || !S_ISREG(found.st_mode))) {
        errno = EISDIR;
        return file_descriptor(-1);
    }
    return at;
}

// A colon in second place is a drive's (C:), which somebody has copied from Windows.
bool leads_out(const fs::path& path) {
    return path.is_absolute() || path.empty() || *path.begin() == ".." || path.string().find(':') == 1;
}

// Nothing when it cannot be read; at most one byte more than a field takes.
std::optional<std::string> content_of(int descriptor) {
    // The extra byte tells a file that is too large from one that just fits, and no file takes more memory than that.
    std::string bytes(largest_file + 1, '\0');
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t got = ::read(descriptor, bytes.data() + filled, bytes.size() - filled);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return std::nullopt;
        }
        if (got == 0) {
            break;
        }
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

std::string title_of(const fs::path& path, bool cut) {
    std::string name = path.filename().string();
    if (!cut || code_points(name) <= max_title) {
        return name;
    }
    // The ending stays, since people open the file by it. One that is longer than a title leaves a title that is too
    // long, which the caller reports.
    const std::string extension = path.extension().string();
    const std::size_t kept = max_title - std::min(max_title, code_points(extension));
    return std::string(head_code_points(path.stem().string(), kept)) + extension;
}

}  // namespace

bool attached_files::is_own(int descriptor) const {
    struct stat opened {};
    // The safe side: what cannot be told is not sent.
    if (::fstat(descriptor, &opened) != 0) {
        return true;
    }
    return std::any_of(own_files_.begin(), own_files_.end(), [&](const fs::path& own) {
        // By device and number, and not by path: a second name (a hard link) of the journal is the journal too. A path
        // that is blank, as of a job without a token file, is found nowhere.
        struct stat there {};
        return ::stat(own.c_str(), &there) == 0 && there.st_dev == opened.st_dev && there.st_ino == opened.st_ino;
    });
}

result<field_value> attached_files::find(const fs::path& folder, const std::string& name, bool cut_title) const {
    const fs::path relative = relative_path(name);
    const fs::path path = folder / relative;
    const auto no_file_of_the_folder = [&] {
        return invalid(fault_code::bad_file, name, fmt::format("is no file of the folder {}", folder.string()),
                       "put the file itself there (no link), and write its name, such as K1.pdf");
    };
    if (leads_out(relative)) {
        return no_file_of_the_folder();
    }
    const file_descriptor file = open_below(folder, relative);
    // From here errno is still open_below's.
    if (!file.is_open() && (errno == ELOOP || errno == EXDEV || errno == ENOTDIR)) {
        return no_file_of_the_folder();
    }
    if (!file.is_open() && errno == EACCES) {
        return invalid(fault_code::no_file, name, "cannot be read", "give the importer the right to read it");
    }
    if (!file.is_open()) {
        return invalid(fault_code::no_file, name, fmt::format("is no file: there is no {}", path.string()),
                       "put the file there, or correct the cell");
    }
    if (is_own(file.get())) {
        return invalid(fault_code::bad_file, name, "is a file of baseload's own, which is never sent",
                       "keep the files to be sent in a folder of their own");
    }
    const std::optional<std::string> bytes = content_of(file.get());
    if (!bytes) {
        return invalid(fault_code::no_file, name, "cannot be read", "look whether its disk is well");
    }
    if (bytes->empty() || bytes->size() > largest_file) {
        return invalid(fault_code::bad_file, name,
                       bytes->empty()
                           ? "is empty"
                           : fmt::format("has more than {} bytes, which is what a field takes", grouped(largest_file)),
                       bytes->empty() ? "look whether it was saved" : "make it smaller, or take it out");
    }
    std::string title = title_of(path, cut_title);
    if (code_points(title) > max_title) {
        return invalid(fault_code::too_long, name,
                       fmt::format("has a name of {} characters, and a title holds {}", code_points(title), max_title),
                       "rename the file, or set overflow = \"truncate\"");
    }
    return field_value{std::make_shared<const field_file>(field_file{std::move(title), path, fingerprint_of(*bytes)})};
}

// The time of its last change of any kind too: a copy may bring the old time of its contents along.
std::string attached_files::version_of(const fs::path& folder, const std::string& name) {
    struct stat now {};
    const file_descriptor file = open_below(folder, relative_path(name));
    if (!file.is_open() || ::fstat(file.get(), &now) != 0) {
        return "none";
    }
    return fmt::format("{} {}.{} {}.{}", now.st_size, now.st_mtim.tv_sec, now.st_mtim.tv_nsec, now.st_ctim.tv_sec,
                       now.st_ctim.tv_nsec);
}

result<std::string> read_attached(const field_file& file) {
    // Links above the file are followed here, unlike in find(). What is sent is what was found all the same, or the
    // fingerprint differs.
    const file_descriptor opened = open_below(file.path.parent_path(), file.path.filename());
    std::optional<std::string> bytes = opened.is_open() ? content_of(opened.get()) : std::nullopt;
    if (!bytes) {
        return invalid(fault_code::no_file, file.path.string(), "could not be read when it was to be sent",
                       "look whether it is still there, and run again");
    }
    if (fingerprint_of(*bytes) != file.content) {
        return invalid(fault_code::file_changed, file.path.string(), "was changed while the run went on", "run again");
    }
    return std::move(*bytes);
}

}  // namespace baseload
