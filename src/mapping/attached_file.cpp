#include "baseload/mapping/attached_file.hpp"

#include "baseload/core/fingerprint.hpp"
#include "baseload/core/text.hpp"
#include "invalid_value.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
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

bool leads_out(const fs::path& path) {
    return path.is_absolute() || path.empty() || *path.begin() == ".." || path.string().find(':') == 1;
}

std::optional<std::string> content_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes(largest_file + 1, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    return file.bad() || (!file.eof() && file.fail()) || !file.is_open() ? std::nullopt
                                                                         : std::optional(std::move(bytes));
}

std::string title_of(const fs::path& path, bool cut) {
    std::string name = path.filename().string();
    if (!cut || code_points(name) <= max_title) {
        return name;
    }
    const std::string extension = path.extension().string();
    const std::size_t kept = max_title - std::min(max_title, code_points(extension));
    return std::string(head_code_points(path.stem().string(), kept)) + extension;
}

}  // namespace

fs::path attached_files::path_of(const std::string& name) const {
    const fs::path relative = relative_path(name);
    std::error_code error;
    const auto there = std::find_if(folders_.begin(), folders_.end(),
                                    [&](const fs::path& folder) { return fs::exists(folder / relative, error); });
    return (there == folders_.end() ? folders_.front() : *there) / relative;
}

result<field_value> attached_files::find(const std::string& name, bool cut_title) const {
    if (leads_out(relative_path(name))) {
        return invalid(fault_code::bad_file, name, "is no file below the job's folder or the source's",
                       "put the file there, and write its name, such as umowy/K1.pdf");
    }
    const fs::path path = path_of(name);
    std::error_code error;
    if (!fs::is_regular_file(path, error)) {
        return invalid(fault_code::no_file, name, fmt::format("is no file: there is no {}", path.string()),
                       "put the file there, or correct the cell");
    }
    const std::optional<std::string> bytes = content_of(path);
    if (!bytes) {
        return invalid(fault_code::no_file, name, "cannot be read", "give the importer the right to read it");
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
    return field_value{field_file{std::move(title), path, fingerprint_of(*bytes)}};
}

// The time of its last change of any kind too: a copy may bring the old time of its contents along.
std::string attached_files::version_of(const std::string& name) const {
    struct stat now {};
    if (leads_out(relative_path(name)) || ::stat(path_of(name).c_str(), &now) != 0) {
        return "none";
    }
    return fmt::format("{} {}.{} {}.{}", now.st_size, now.st_mtim.tv_sec, now.st_mtim.tv_nsec, now.st_ctim.tv_sec,
                       now.st_ctim.tv_nsec);
}

result<std::string> read_attached(const field_file& file) {
    std::optional<std::string> bytes = content_of(file.path);
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
