#include "sqlite_journal.hpp"

#include "baseload/core/command_error.hpp"
#include "schema.hpp"
#include "sqlite_values.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
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
    : lock_(std::move(lock)), lost_log_(!has_log(path)), session_(path, open_flags(owner != nullptr)) {
    if (owner == nullptr) {
        check_schema(session_.database());
        refuse_outdated(session_.database());
        return;
    }
    refuse_foreign(session_.database());
    // The cache (16 MiB) holds the upper pages of a million keys.
    session_.database().exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;");
    prepare_schema(session_.database(), *owner);
    read_identity();
}

void sqlite_journal::read_identity() {
    SQLite::Statement self(session_.database(), "SELECT id, sessions, lost_log, newest_id, ids_rise FROM self");
    static_cast<void>(self.executeStep());
    id_ = self.getColumn(0).getString();
    sessions_found_ = static_cast<std::uint64_t>(self.getColumn(1).getInt64());
    sessions_ = sessions_found_;
    const bool was_open = sessions_found_ % 2 == 1;
    const bool is_known_as_half = self.getColumn(2).getInt() != 0;
    lost_log_ = is_known_as_half || (lost_log_ && was_open);
    if (!self.getColumn(3).isNull()) {
        newest_id_ = self.getColumn(3).getInt64();
    }
    ids_rise_ = self.getColumn(4).getInt() != 0;
    self.reset();
    SQLite::Statement newest(session_.database(), "SELECT max(crm_client_id) FROM client_detail");
    if (newest.executeStep() && !newest.getColumn(0).isNull()) {
        newest_id_ = std::max(newest_id_.value_or(0), newest.getColumn(0).getInt64());
    }
    newest.reset();
    if (was_open) {
        keep_log(true);  // nobody but the next session puts what a killed one left into the main file
    }
    if (lost_log_ && !is_known_as_half) {
        session_.database().exec("UPDATE self SET lost_log = 1");  // the log that is made now shall not hide it
    }
}

void sqlite_journal::keep_log(bool keep) {
    ::sqlite3_db_config(session_.database().getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, nullptr);
}

void sqlite_journal::begin_session(std::uint64_t at_least) {
    session_.commit();
    const std::uint64_t last = std::max(sessions_found_, at_least);
    sessions_ = last + (last % 2 == 1 ? 2 : 1);
    session_.guarded([&] {
        SQLite::Database& database = session_.database();
        // Until the session ends, nothing removes the log. It is not truncated either: it is never empty meanwhile.
        keep_log(true);
        database.exec(fmt::format("UPDATE self SET sessions = {}", sessions_));
        database.exec("PRAGMA wal_checkpoint(FULL)");
    });
    in_session_ = true;
}

void sqlite_journal::end_session() {
    session_.commit();
    session_.change("UPDATE self SET sessions = ?", sessions_ + 1);
    session_.commit();
    ++sessions_;
    in_session_ = false;
    keep_log(false);
}

void sqlite_journal::advance_session() {
    sessions_ += 2;
    session_.change("UPDATE self SET sessions = ?", sessions_);
}

sqlite_journal::~sqlite_journal() {
    if (!in_session_) {
        return;
    }
    try {
        session_.rollback();  // what was not committed is not wanted
        end_session();
    } catch (const std::exception&) {
        // It stays marked as open, with its log beside it, as after a kill.
    }
}

void sqlite_journal::take_as_whole() {
    lost_log_ = false;
    session_.change("UPDATE self SET lost_log = 0");
}

bool sqlite_journal::has_history() {
    return session_.guarded([&] {
        return session_.database()
                   .execAndGet("SELECT EXISTS (SELECT 1 FROM client) OR EXISTS (SELECT 1 FROM intent) "
                               "OR EXISTS (SELECT 1 FROM refusal) OR (SELECT linked FROM self)")
                   .getInt() == 1;
    });
}

void sqlite_journal::mark_linked() {
    session_.change("UPDATE self SET linked = 1");
}

token_mark sqlite_journal::marked_token() {
    return session_.guarded([&] {
        SQLite::Statement& s = session_.query("SELECT token_salt, token_hash FROM self");
        static_cast<void>(s.executeStep());
        token_mark mark{s.getColumn(0).getString(), s.getColumn(1).getString()};
        s.reset();
        return mark;
    });
}

void sqlite_journal::mark_token(const token_mark& mark) {
    session_.change("UPDATE self SET token_salt = ?, token_hash = ?", mark.salt, mark.hash);
}

std::optional<sending_mark> sqlite_journal::last_sending() {
    return session_.guarded([&]() -> std::optional<sending_mark> {
        SQLite::Statement& s = session_.query("SELECT state_id, sending_until FROM self WHERE state_id IS NOT NULL");
        if (!s.executeStep()) {
            return std::nullopt;
        }
        sending_mark mark{s.getColumn(0).getString(), wall_time_of(s.getColumn(1).getInt64())};
        s.reset();
        return mark;
    });
}

void sqlite_journal::mark_sending(const sending_mark& mark) {
    session_.change("UPDATE self SET state_id = ?, sending_until = ?", mark.state_id, milliseconds_of(mark.until));
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

// An empty journal in a folder of its own, which goes with it.
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
    refuse_second_name(real);
    auto lock = std::make_unique<journal_lock>(real);
    return open(real, std::move(lock), &owner);
}

std::unique_ptr<journal> open_journal_to_read(const journal_locator& where) {
    if (!journal_exists(where)) {
        throw command_error(exit_code::usage,
                            fmt::format("there is no journal {} yet; the first run makes it", where.text()));
    }
    return open(settled_by_itself(where.file) ? immutable_uri(where.file) : where.file, nullptr, nullptr);
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

std::vector<journal_file> files_of(const journal_locator& where) {
    return {{"the journal", where.file},
            {"the journal's log", where.file.string() + "-wal"},
            {"the journal's lock", where.file.string() + ".lock"}};
}

}  // namespace baseload
