#include "account_store.hpp"
#include "baseload/core/wall_clock.hpp"
#include "baseload/database/sqlite_session.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>
#include <utility>

namespace baseload {
namespace {

namespace fs = std::filesystem;

// Programs hold the file for the length of one short transaction; who waits longer than this met something else.
constexpr int busy_timeout_ms = 10'000;

// Times are milliseconds: since the boot named by `boot`, and since 1970.
constexpr const char* file_tables = R"sql(
CREATE TABLE IF NOT EXISTS slot (id INTEGER PRIMARY KEY AUTOINCREMENT, boot TEXT NOT NULL,
    free_at INTEGER NOT NULL, free_at_wall INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS block (one INTEGER PRIMARY KEY CHECK (one = 1), boot TEXT NOT NULL,
    until INTEGER NOT NULL, until_wall INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS share (one INTEGER PRIMARY KEY CHECK (one = 1), boot TEXT NOT NULL,
    share REAL NOT NULL, since INTEGER NOT NULL, since_wall INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS identity (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS journal (id TEXT PRIMARY KEY, sessions INTEGER NOT NULL, path TEXT NOT NULL,
    used_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS replaced (id TEXT PRIMARY KEY, by_path TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO identity VALUES (1, lower(hex(randomblob(16))));
)sql";

// Readable by its owner alone, or by the group of those who share it, whatever the umask.
void make_file(const fs::path& file, bool is_shared) {
    // O_EXCL: only the one that makes the file sets its rights, and a person who has changed them since is not
    // overruled. O_NOFOLLOW: in a shared folder a link may lead to somebody else's file.
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor >= 0) {
        // fchmod and not the mode of open(), which the umask narrows. SQLite gives its log the rights of the file
        // itself (os_unix.c, findCreateFileMode).
        static_cast<void>(::fchmod(descriptor, is_shared ? 0660 : 0600));
        ::close(descriptor);
    }
}

// A file of this machine. A time is kept by the boot clock, which nobody can set, and beside it by the wall clock, by
// which the first program after a reboot translates it.
class account_file final : public account_store {
public:
    account_file(const fs::path& file, boot_clock::duration max_slot) : account_store(boot_id(), max_slot) {
        auto opened =
            std::make_unique<sqlite_session>(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE,
                                             [](const database_failure& failure) { throw_unusable(failure); });
        SQLite::Database& database = opened->database();
        // FULL: a slot that a power loss takes back would be given out twice within a minute
        // (tests/journal/power_loss_test.cpp).
        patiently(database, "PRAGMA journal_mode = WAL");
        database.exec("PRAGMA synchronous = FULL");
        patiently(database, file_tables);
        // At each opening, so that a running program never meets a time of another boot.
        adopt(database, "slot", "free_at", max_slot);
        adopt(database, "block", "until", max_block);
        adopt(database, "share", "since", max_block);
        open(std::move(opened));
    }

private:
    // Where two programs make the file at once, one of them is told at once that it is busy, without SQLite's own wait:
    // each would wait for the other.
    static void patiently(SQLite::Database& database, const char* sql) {
        constexpr std::chrono::milliseconds nap{5};
        for (int waited = 0; waited < busy_timeout_ms; waited += static_cast<int>(nap.count())) {
            const int code = database.tryExec(sql);
            if (code == SQLITE_OK) {
                return;
            }
            if (code != SQLITE_BUSY) {
                break;
            }
            std::this_thread::sleep_for(nap);
        }
        database.exec(sql);  // it says what is wrong
    }

    // Translates the times of another boot into this one's, once. What is left of them by the
    // wall clock is believed from nothing to `longest`. Where the kernel does not tell one boot from another, any may
    // be another.
    void adopt(SQLite::Database& database, const std::string& table, const std::string& column,
               boot_clock::duration longest) const {
        SQLite::Statement update(database,
                                 fmt::format("UPDATE {0} SET boot = ?1, {1} = ?2 + min(max({1}_wall - ?3, 0), ?4) "
                                             "WHERE boot <> ?1 OR ?1 = ''",
                                             table, column));
        SQLite::bind(update, boot(), std::int64_t{boot_clock::now().time_since_epoch().count()},
                     std::int64_t{wall_now().time_since_epoch().count()}, std::int64_t{longest.count()});
        update.exec();
    }
};

}  // namespace

std::unique_ptr<account_store> open_account_file(const fs::path& file, boot_clock::duration max_slot, bool is_shared) {
    // Before SQLite opens it, which would make it with the umask's rights.
    make_file(file, is_shared);
    return std::make_unique<account_file>(file, max_slot);
}

}  // namespace baseload
