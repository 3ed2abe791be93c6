#include "sqlite_journal.hpp"

#include "baseload/core/command_error.hpp"
#include "journal_failure.hpp"
#include "journal_file.hpp"
#include "run_codec.hpp"
#include "schema.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
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

sqlite_journal_file::sqlite_journal_file(const std::filesystem::path& path, std::unique_ptr<journal_lock> held,
                                         bool to_run)
    : lock(std::move(held)), had_log(has_log(path)), session(path, open_flags(to_run), [this](const auto& failure) {
          throw_file_failure(failure, is_open ? exit_code::stopped : exit_code::usage);
      }) {}

sqlite_journal::sqlite_journal(const std::filesystem::path& path, std::unique_ptr<journal_lock> held,
                               const journal_owner* owner)
    : sqlite_journal_file(path, std::move(held), owner != nullptr), sql_journal(session, "path") {
    SQLite::Database& database = session.database();
    if (owner == nullptr) {
        check_schema(database);
        refuse_outdated(database);
        session.keep_snapshot();
    } else {
        begin_prepared(session);
        // After the migration, since it reads the tables of the present format.
        bind_to(*owner);
        session.commit();
    }
    read();
    // Odd: the last session never ended. If the log was there the run was killed, and the journal is whole; if not, the
    // log was lost, or the main file was copied without it.
    if (!had_log && sessions_found() % 2 == 1) {
        lost_its_log();
    }
    if (owner != nullptr) {
        keep_what_was_open();
    }
    is_open = true;
}

void sqlite_journal::keep_what_was_open() {
    if (sessions_found() % 2 == 1) {
        keep_log(true);  // nobody but the next session puts what a killed one left into the main file
    }
    if (has_lost_its_log()) {
        session.database().exec("UPDATE self SET lost_log = 1");  // the log that is made now shall not hide it
    }
}

// SQLite puts the log into the main file and deletes it when its last connection closes, unless told otherwise
// (https://www.sqlite.org/c3ref/c_dbconfig_defensive.html, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE).
void sqlite_journal::keep_log(bool keep) {
    ::sqlite3_db_config(session.database().getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, nullptr);
}

void sqlite_journal::begin_session(std::uint64_t at_least) {
    // Until the session ends, nothing removes the log. It is not truncated either: it is never empty meanwhile.
    keep_log(true);
    sql_journal::begin_session(at_least);
    // Puts the odd count into the main file itself, so that a copy without its log shows that it is half.
    session.guarded([&] { session.database().exec("PRAGMA wal_checkpoint(FULL)"); });
}

void sqlite_journal::end_session() {
    sql_journal::end_session();
    keep_log(false);
}

sqlite_journal::~sqlite_journal() {
    end_open_session();
}

void sqlite_journal::tell_progress(const progress& p) {
    if (lock != nullptr) {
        lock->note(encode_progress(p));
    }
}

namespace {

// One that could not be opened.
[[noreturn]] void refuse(const std::string& path, const SQLite::Exception& error) {
    throw_file_failure({.what = sqlite_session::failure_kind(error), .place = path, .reason = error.what()},
                       exit_code::usage);
}

std::unique_ptr<sqlite_journal> open(const std::filesystem::path& path, std::unique_ptr<journal_lock> held,
                                     const journal_owner* owner) {
    try {
        return std::make_unique<sqlite_journal>(path, std::move(held), owner);
    } catch (const SQLite::Exception& error) {
        refuse(path.string(), error);
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

std::unique_ptr<journal> open_sqlite_journal(const std::filesystem::path& file, const journal_owner& owner) {
    const std::filesystem::path real = journal_file_to_write(file);
    // Before the file is opened: the one that opens it may migrate it, and only the holder may.
    auto lock = std::make_unique<journal_lock>(real);
    return open(real, std::move(lock), &owner);
}

std::unique_ptr<sql_journal> open_sqlite_journal_to_read(const std::filesystem::path& file) {
    return open(journal_file_to_read(file), nullptr, nullptr);
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
        refuse(pattern, error);
    }
}

bool sqlite_journal_exists(const std::filesystem::path& file) {
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(file, error);
    // A folder that cannot be searched is no "not found": taken for a new journal it would create everybody again.
    if (status.type() == std::filesystem::file_type::not_found) {
        return false;
    }
    if (!std::filesystem::status_known(status)) {
        throw command_error(
            exit_code::usage,
            fmt::format("the journal {} cannot be looked at ({}); make its folder readable for this user",
                        file.string(), error.message()));
    }
    return true;
}

std::vector<journal_holder> holders_of_sqlite(const std::filesystem::path& file) {
    std::error_code none;
    // As open_sqlite_journal has it: one file has one lock, by whatever name it is reached.
    const std::filesystem::path real = std::filesystem::weakly_canonical(file, none);
    const std::optional<lock_holder> holder = holder_of_lock(none ? file : real);
    if (!holder) {
        return {};
    }
    return {{.who = holder->who, .part = {}, .so_far = decode_progress(holder->note)}};
}

}  // namespace baseload
