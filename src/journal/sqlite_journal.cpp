#include "sqlite_journal.hpp"

#include "baseload/core/command_error.hpp"
#include "run_codec.hpp"
#include "schema.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <utility>

namespace baseload {
namespace {

int open_flags(bool to_run) {
    return to_run ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE : SQLite::OPEN_READONLY | SQLite::OPEN_URI;
}

// While a session is open its log is never empty (begin_session); a reader may leave an empty one.
bool has_log(const std::filesystem::path& path) {
    std::error_code none;
    return std::filesystem::file_size(path.string() + "-wal", none) > 0 && !none;
}

}  // namespace

sqlite_journal::sqlite_journal(const std::filesystem::path& path, std::unique_ptr<journal_lock> lock,
                               const journal_owner* owner)
    // Before the database is opened, since opening makes a log. read_identity then says whether the missing log
    // matters.
    : lock_(std::move(lock)), lost_log_(!has_log(path)), session_(path, open_flags(owner != nullptr)),
      directory_(session_) {
    if (owner == nullptr) {
        check_schema(session_.database());
        refuse_outdated(session_.database());
        session_.keep_snapshot();
        read_what_is_open();
        read_identity();
        return;
    }
    refuse_foreign(session_.database());
    // Of a new file alone. What is appended fills pages of this size; fewer, larger ones cost less than many small
    // ones.
    session_.database().exec("PRAGMA page_size = 8192");
    session_.database().exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;");
    prepare_schema(session_.database(), *owner);
    read_what_is_open();
    read_identity();
    keep_what_was_open();
}

void sqlite_journal::hold_against(const journal_owner& owner) {
    session_.guarded([&] { refuse_other_owner(session_.database(), owner); });
}

void sqlite_journal::commit() {
    directory_.flush();
    session_.commit();
    // After the rows are durable, in a transaction of its own: a fold that fails takes no row with it.
    if (directory_.is_log_long()) {
        fold_log();
    }
}

// What was committed is durable whatever becomes of the fold: where that fails (a full disk, most likely) the log
// simply stays, and the next change says what is wrong.
void sqlite_journal::fold_log() {
    try {
        directory_.fold();
        session_.commit();
    } catch (const command_error&) {
        session_.rollback();
        directory_.load();
    }
}

void sqlite_journal::rollback() {
    session_.rollback();
    read_what_is_open();
}

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

std::unique_ptr<sqlite_journal> open(const std::filesystem::path& path, std::unique_ptr<journal_lock> lock,
                                     const journal_owner* owner) {
    try {
        return std::make_unique<sqlite_journal>(path, std::move(lock), owner);
    } catch (const SQLite::Exception& error) {
        sqlite_session::refuse(path.string(), error, exit_code::usage);
    }
}

// An empty journal in a folder of its own, which goes with it.
// A rehearsal writes to it what a run would write, and nobody else knows its folder, so it needs no lock.
class temporary_journal final : public sqlite_journal {
public:
    temporary_journal(std::filesystem::path folder, const journal_owner& owner)
        : sqlite_journal(folder / "empty.journal", nullptr, &owner), folder_(std::move(folder)) {}
    // The open file may go first: SQLite keeps it by its descriptor.
    ~temporary_journal() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    temporary_journal(const temporary_journal&) = delete;
    temporary_journal& operator=(const temporary_journal&) = delete;

private:
    std::filesystem::path folder_;
};

}  // namespace

namespace {

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

std::unique_ptr<journal> open_journal(const journal_locator& where, const journal_owner& owner) {
    // One file has one lock, by whatever name it is reached.
    std::error_code ignored;
    const auto canonical = std::filesystem::weakly_canonical(where.file, ignored);
    const auto& real = ignored ? where.file : canonical;
    refuse_no_file(real);
    refuse_second_name(real);
    // Before the file is opened: the one that opens it may migrate it, and only the holder may.
    auto lock = std::make_unique<journal_lock>(real);
    return open(real, std::move(lock), &owner);
}

std::unique_ptr<journal> open_journal_to_read(const journal_locator& where, const journal_owner* owner) {
    if (!journal_exists(where)) {
        throw command_error(exit_code::usage,
                            fmt::format("there is no journal {} yet; the first run makes it", where.text()));
    }
    refuse_no_file(where.file);
    auto opened = open(settled_by_itself(where.file) ? immutable_uri(where.file) : where.file, nullptr, nullptr);
    if (owner != nullptr) {
        opened->hold_against(*owner);
    }
    return opened;
}

std::unique_ptr<journal> open_empty_journal(const journal_owner& owner) {
    std::string pattern = (std::filesystem::temp_directory_path() / "baseload-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw command_error(exit_code::usage,
                            fmt::format("no temporary folder {}; set TMPDIR to one with room", pattern));
    }
    try {
        return std::make_unique<temporary_journal>(pattern, owner);
    } catch (const SQLite::Exception& error) {
        sqlite_session::refuse(pattern, error, exit_code::usage);
    }
}

bool journal_exists(const journal_locator& where) {
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(where.file, error);
    // A folder that cannot be searched is no "not found": taken for a new journal it would create everybody again.
    if (status.type() == std::filesystem::file_type::not_found) {
        return false;
    }
    if (!std::filesystem::status_known(status)) {
        throw command_error(
            exit_code::usage,
            fmt::format("the journal {} cannot be looked at ({}); make its folder readable for this user", where.text(),
                        error.message()));
    }
    return true;
}

std::optional<progress> progress_of(const journal_locator& where) {
    std::error_code none;
    // As open_journal has it: one file has one lock, by whatever name it is reached.
    const std::filesystem::path real = std::filesystem::weakly_canonical(where.file, none);
    const std::optional<std::string> note = note_of_holder(none ? where.file : real);
    return note ? std::optional(decode_progress(*note)) : std::nullopt;
}

std::vector<journal_file> files_of(const journal_locator& where) {
    return {{"the journal", where.file},
            {"the journal's log", where.file.string() + "-wal"},
            {"the journal's lock", where.file.string() + ".lock"}};
}

}  // namespace baseload
