#include "sqlite_session.hpp"

#include "baseload/core/command_error.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace baseload {
namespace {

constexpr int busy_timeout_ms = 10'000;  // a reader beside the run; another run is kept out by the lock

}  // namespace

sqlite_session::sqlite_session(const std::filesystem::path& path, int open_flags)
    : database_(path.string(), open_flags, busy_timeout_ms) {}

SQLite::Statement& sqlite_session::statement(const char* sql) {
    // By address and not by text: one look-up without a comparison of long texts. Each literal is prepared once a
    // session.
    auto& slot = statements_[sql];
    if (!slot) {
        slot = std::make_unique<SQLite::Statement>(database_, sql);
    } else {
        static_cast<void>(slot->tryReset());  // it says again what went wrong last time
        slot->clearBindings();
    }
    return *slot;
}

void sqlite_session::keep_snapshot() {
    guarded([&] {
        // BEGIN alone takes no snapshot; the first read does (https://www.sqlite.org/lang_transaction.html).
        database_.exec("BEGIN");
        static_cast<void>(database_.execAndGet("SELECT count(*) FROM sqlite_schema"));  // takes it
    });
}

void sqlite_session::forget_pages() {
    ::sqlite3_db_release_memory(database_.getHandle());
}

void sqlite_session::begin() {
    refuse_after_loss();
    if (!in_transaction_) {
        // IMMEDIATE: a transaction that begins with a read and then writes may fail with SQLITE_BUSY at once, without
        // the timeout.
        database_.exec("BEGIN IMMEDIATE");
        in_transaction_ = true;
    }
}

void sqlite_session::commit() {
    refuse_after_loss();
    if (in_transaction_) {
        // If it throws, `in_transaction_` is still true, and give_up() marks the transaction as lost.
        guarded([&] { database_.exec("COMMIT"); });
        in_transaction_ = false;
    }
}

void sqlite_session::refuse_after_loss() const {
    if (lost_) {
        throw command_error(exit_code::stopped, fmt::format("the journal {} could not be written; nothing more is",
                                                            database_.getFilename()));
    }
}

// Outside a transaction nothing was lost: a query that failed does not forbid later changes.
void sqlite_session::give_up() {
    if (std::exchange(in_transaction_, false)) {
        lost_ = true;
        // SQLite has rolled back by itself after some errors; then this one fails.
        static_cast<void>(database_.tryExec("ROLLBACK"));
    }
}

void sqlite_session::rollback() {
    give_up();
    lost_ = false;
}

// SQLiteCpp's bind copies, so what was bound may end before the statement runs.
void sqlite_session::bind(SQLite::Statement& s, int index, const blob& b) {
    s.bind(index, b.bytes.data(), static_cast<int>(b.bytes.size()));
}

void sqlite_session::bind(SQLite::Statement& s, int index, const std::string& text) {
    s.bind(index, text);
}

void sqlite_session::bind(SQLite::Statement& s, int index, std::int64_t number) {
    s.bind(index, number);
}

void sqlite_session::bind(SQLite::Statement& s, int index, std::uint64_t number) {
    // SQLite's integers have a sign. Hashes above 2^63 become negative, and are turned back when they are read.
    s.bind(index, static_cast<std::int64_t>(number));
}

void sqlite_session::bind(SQLite::Statement& s, int index, const std::optional<std::int64_t>& number) {
    if (number) {
        s.bind(index, *number);
    } else {
        s.bind(index);
    }
}

void sqlite_session::refuse(const std::string& path, const SQLite::Exception& error, exit_code code) {
    const char* remedy = "run again when that is fixed; what was recorded is kept";
    switch (error.getErrorCode()) {
    case SQLITE_FULL:
    case SQLITE_IOERR: remedy = "free some space on its disk and run again; what was recorded is kept"; break;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: remedy = "make the file and its folder writable for this user"; break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        remedy = "it is damaged or not a journal; restore it from a backup, or give [journal] path another file. It "
                 "was not changed";
        break;
    default: break;
    }
    throw command_error(code, fmt::format("the journal {} cannot be used ({}); {}", path, error.what(), remedy));
}

}  // namespace baseload
