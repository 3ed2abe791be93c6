#include "schema.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "migration.hpp"

#include <SQLiteCpp/VariadicBind.h>
#include <fmt/format.h>

#include <string>
#include <vector>

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

// A job that was put right before its first request is no other account.
bool has_never_sent(SQLite::Database& database) {
    return database
               .execAndGet("SELECT NOT EXISTS (SELECT 1 FROM client) AND NOT EXISTS (SELECT 1 FROM intent) "
                           "AND NOT EXISTS (SELECT 1 FROM refusal)")
               .getInt() == 1;
}

std::string listed_columns(const journal_owner& owner) {
    std::vector<std::string> quoted;
    for (const std::string& column : owner.key_columns) {
        quoted.push_back(in_quotes(column));
    }
    return listed(quoted);
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

void refuse_other_owner(SQLite::Database& database, const journal_owner& owner) {
    if (has_never_sent(database)) {
        return;
    }
    SQLite::Statement bound(database, "SELECT url, name, key_columns FROM account");
    static_cast<void>(bound.executeStep());
    const std::string url = bound.getColumn(0).getString();
    const std::string name = bound.getColumn(1).getString();
    const std::string keys = bound.getColumn(2).getString();
    if (url != owner.url || name != owner.name) {
        throw command_error(
            exit_code::usage,
            fmt::format("the journal {} belongs to the account {} at {}, and the job points to {} at {}: its ids "
                        "would overwrite strangers there; give this job a [journal] path of its own",
                        database.getFilename(), in_quotes(name), url, in_quotes(owner.name), owner.url));
    }
    // Compared as text, in the order of the job: the order is part of the key.
    if (keys != listed_columns(owner) && !owner.same_keys) {
        throw command_error(
            exit_code::usage,
            fmt::format("the journal {} has its keys from the columns {}, and the job takes them from {}: no row "
                        "would be known, and every customer made again. If the columns are merely called otherwise "
                        "now and the keys are the same, say so once with --same-keys; else give this job a "
                        "[journal] path of its own",
                        database.getFilename(), keys, listed_columns(owner)));
    }
}

// Before the first pragma that writes: what is no journal is left as it was (tests/journal/sqlite_journal_test.cpp).
void refuse_foreign(SQLite::Database& database) {
    if (!is_new(database)) {
        check_schema(database);
    }
}

void prepare_schema(SQLite::Database& database, const journal_owner& owner) {
    // IMMEDIATE takes the write lock at once. A power loss or an exception in here leaves no journal or the old one
    // (tests/journal/power_loss_test.cpp).
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
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
    // After the migration, since has_never_sent reads the tables of the present format.
    refuse_other_owner(database, owner);
    // Every time: a new journal is bound here, one that never sent is bound anew, and --same-keys stores the new names.
    SQLite::Statement bind(database, "UPDATE account SET url = ?, name = ?, key_columns = ?");
    SQLite::bind(bind, owner.url, owner.name, listed_columns(owner));
    bind.exec();
    transaction.commit();
}

}  // namespace baseload
