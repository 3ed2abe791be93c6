#include "schema.hpp"

#include "baseload/core/command_error.hpp"
#include "migration.hpp"

#include <fmt/format.h>

namespace baseload {
namespace {

constexpr std::int32_t application_id = 0x6273'6C64;  // "bsld": tells a journal from other databases

// What is beside clients, intents and refusals. `absent`: keys that the last full
// run did not have; `backup`: what updates overwrote; `kept`: what the account said of its statuses, extra fields and
// contractors; `status_before`: what clients were before they were missing; `self`: who the journal is, and what it
// takes to tell old clients from new. key_hash is key_bytes long. Times are milliseconds since 1970, UTC.
constexpr const char* schema = R"sql(
CREATE TABLE account (url TEXT NOT NULL, name TEXT NOT NULL, key_columns TEXT NOT NULL) STRICT;
INSERT INTO account VALUES ('', '', '');
CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    exit_code INTEGER,
    records INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    in_doubt INTEGER NOT NULL DEFAULT 0,
    not_reached INTEGER NOT NULL DEFAULT 0,
    requests INTEGER NOT NULL DEFAULT 0,
    partial INTEGER NOT NULL DEFAULT 0,
    stopped_because TEXT NOT NULL DEFAULT '',
    undone_at INTEGER,
    skipped INTEGER NOT NULL DEFAULT 0,
    missing_refused INTEGER NOT NULL DEFAULT 0,
    missing_action TEXT NOT NULL DEFAULT '',
    missing INTEGER NOT NULL DEFAULT 0,
    missing_done INTEGER NOT NULL DEFAULT 0,
    more TEXT NOT NULL DEFAULT '',
    details TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE absent (key_hash BLOB PRIMARY KEY, run INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE backup (
    run INTEGER NOT NULL,
    key_hash BLOB NOT NULL,
    crm_client_id INTEGER NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (run, key_hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE kept (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE status_before (key_hash BLOB PRIMARY KEY, status INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE self (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    sessions INTEGER NOT NULL DEFAULT 0,
    lost_log INTEGER NOT NULL DEFAULT 0,
    linked INTEGER NOT NULL DEFAULT 0,
    token_salt TEXT NOT NULL DEFAULT '',
    token_hash TEXT NOT NULL DEFAULT '',
    newest_id INTEGER,
    ids_rise INTEGER NOT NULL DEFAULT 1,
    state_id TEXT,
    sending_until INTEGER
) STRICT;
INSERT INTO self (one, id) VALUES (1, lower(hex(randomblob(16))));
)sql";

std::int32_t pragma(SQLite::Database& database, const char* name) {
    return database.execAndGet(fmt::format("PRAGMA {}", name)).getInt();
}

// A run that was killed before its first commit leaves a file without tables; it counts as new.
bool is_new(SQLite::Database& database) {
    return database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0;
}

}  // namespace

// application_id and user_version stand in the database's header (https://www.sqlite.org/pragma.html), so they are read
// without any table being there.
void check_schema(SQLite::Database& database) {
    if (pragma(database, "application_id") != application_id) {
        throw command_error(exit_code::usage,
                            fmt::format("{} is a database, but not a journal of baseload; give [journal] path "
                                        "a file of its own",
                                        database.getFilename()));
    }
    const std::int32_t version = pragma(database, "user_version");
    if (version > journal_format) {
        throw command_error(
            exit_code::usage,
            fmt::format("the journal {} was written by a newer baseload (format {}, this one knows {}); upgrade "
                        "this installation",
                        database.getFilename(), version, journal_format));
    }
}

void refuse_outdated(SQLite::Database& database) {
    if (pragma(database, "user_version") < journal_format) {
        throw command_error(exit_code::usage,
                            fmt::format("the journal {} was written by an older baseload; the next run brings "
                                        "it up to date",
                                        database.getFilename()));
    }
}

namespace {

// Before the first pragma that writes: what is no journal is left as it was (tests/journal/sqlite_journal_test.cpp).
void refuse_foreign(SQLite::Database& database) {
    if (!is_new(database)) {
        check_schema(database);
    }
}

void prepare_schema(SQLite::Database& database) {
    if (is_new(database)) {
        database.exec(schema);
        make_client_tables(database);
        database.exec(fmt::format("PRAGMA application_id = {}", application_id));
    } else {
        check_schema(database);
        migrate_journal(database, pragma(database, "user_version"));
    }
    // Both pragmas take part in the transaction: no file has a new number and old tables.
    database.exec(fmt::format("PRAGMA user_version = {}", journal_format));
}

}  // namespace

void begin_prepared(sqlite_session& session) {
    SQLite::Database& database = session.database();
    refuse_foreign(database);
    // Of a new file alone. What is appended fills pages of this size; fewer, larger ones cost less than many small
    // ones.
    database.exec("PRAGMA page_size = 8192");
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;");
    // A power loss or an exception in here leaves no journal or the old one (tests/journal/power_loss_test.cpp).
    session.begin();
    prepare_schema(database);
}

}  // namespace baseload
