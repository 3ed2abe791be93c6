#include "sqlite_journal.hpp"

#include "baseload/core/stop.hpp"
#include "schema.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

namespace baseload {
namespace {

int open_flags(bool to_run) {
    return to_run ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE : SQLite::OPEN_READONLY | SQLite::OPEN_URI;
}

}  // namespace

sqlite_journal::sqlite_journal(const std::filesystem::path& path, std::unique_ptr<journal_lock> lock,
                               const journal_owner* owner)
    : lock_(std::move(lock)), session_(path, open_flags(owner != nullptr)) {
    if (owner == nullptr) {
        check_schema(session_.database());
        refuse_outdated(session_.database());
        return;
    }
    refuse_foreign(session_.database());
    // The cache (16 MiB) holds the upper pages of a million keys.
    session_.database().exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;");
    prepare_schema(session_.database(), *owner);
}

void sqlite_journal::commit() {
    session_.commit();
}

void sqlite_journal::rollback() {
    session_.rollback();
}

namespace {

// SQLite reads a file in WAL mode only beside files that it may write. Where it may not (a
// backup, a read-only disk), a file without a log is whole by itself.
bool settled_by_itself(const std::filesystem::path& path) {
    std::error_code no_log;
    const auto log_size = std::filesystem::file_size(path.string() + "-wal", no_log);
    const std::string folder = path.has_parent_path() ? path.parent_path().string() : ".";
    return (no_log || log_size == 0) && ::access(folder.c_str(), W_OK) != 0;
}

// https://www.sqlite.org/uri.html
std::filesystem::path immutable_uri(const std::filesystem::path& path) {
    std::string uri = "file:";
    for (const char c : path.string()) {
        uri += c == '?' ? "%3f" : c == '#' ? "%23" : c == '%' ? "%25" : std::string(1, c);
    }
    return uri + "?immutable=1";
}

std::unique_ptr<journal> open(const std::filesystem::path& path, std::unique_ptr<journal_lock> lock,
                              const journal_owner* owner) {
    try {
        return std::make_unique<sqlite_journal>(path, std::move(lock), owner);
    } catch (const SQLite::Exception& error) {
        sqlite_session::refuse(path.string(), error, exit_code::usage);
    }
}

}  // namespace

std::unique_ptr<journal> open_journal(const std::filesystem::path& path, const journal_owner& owner) {
    // One file has one lock, by whatever name it is reached.
    std::error_code ignored;
    const auto canonical = std::filesystem::weakly_canonical(path, ignored);
    const auto& real = ignored ? path : canonical;
    auto lock = std::make_unique<journal_lock>(real);
    return open(real, std::move(lock), &owner);
}

std::unique_ptr<journal> open_journal_to_read(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
        throw stop(exit_code::usage, fmt::format("there is no journal {} yet; the first run makes it", path.string()));
    }
    return open(settled_by_itself(path) ? immutable_uri(path) : path, nullptr, nullptr);
}

}  // namespace baseload
