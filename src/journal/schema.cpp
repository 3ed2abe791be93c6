#include "schema.hpp"

#include "baseload/core/stop.hpp"
#include "baseload/core/text.hpp"

#include <SQLiteCpp/VariadicBind.h>
#include <fmt/format.h>

namespace baseload {
namespace {

constexpr std::int32_t application_id = 0x6273'6C64;  // "bsld": tells a journal from other databases
constexpr std::int32_t schema_version = 1;

// `client` is what every row of a rerun needs, kept narrow; `client_detail` is what only a
// changed row needs. `sent` is a list of field code (4 bytes, big-endian) and fingerprint.
// Times are milliseconds since 1970, UTC.
constexpr const char* schema = R"sql(
CREATE TABLE account (url TEXT NOT NULL, name TEXT NOT NULL) STRICT;
CREATE TABLE client (key_hash BLOB PRIMARY KEY, record BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE client_detail (
    key_hash BLOB PRIMARY KEY,
    key TEXT NOT NULL,
    crm_client_id INTEGER NOT NULL,
    sent BLOB NOT NULL,
    created_run INTEGER NOT NULL,
    changed_run INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE intent (
    key_hash BLOB PRIMARY KEY,
    key TEXT NOT NULL,
    run INTEGER NOT NULL,
    line INTEGER NOT NULL,
    at INTEGER NOT NULL,
    parameters TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE refusal (
    key_hash BLOB PRIMARY KEY,
    key TEXT NOT NULL,
    record BLOB NOT NULL,
    run INTEGER NOT NULL,
    at INTEGER NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL
) STRICT, WITHOUT ROWID;
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
    stopped_because TEXT NOT NULL DEFAULT ''
) STRICT;
)sql";

std::int32_t pragma(SQLite::Database& database, const char* name) {
    return database.execAndGet(fmt::format("PRAGMA {}", name)).getInt();
}

// A job that was put right before its first request is no other account.
bool has_never_sent(SQLite::Database& database) {
    return database.execAndGet("SELECT NOT EXISTS (SELECT 1 FROM client) AND NOT EXISTS (SELECT 1 FROM intent) "
                               "AND NOT EXISTS (SELECT 1 FROM refusal)")
               .getInt() == 1;
}

} // namespace

void check_schema(SQLite::Database& database) {
    if (pragma(database, "application_id") != application_id) {
        throw stop(exit_code::usage, fmt::format("{} is a database, but not a journal of baseload; give [journal] path "
                                                 "a file of its own",
                                                 database.getFilename()));
    }
    const std::int32_t version = pragma(database, "user_version");
    if (version > schema_version) {
        throw stop(exit_code::usage,
                   fmt::format("the journal {} was written by a newer baseload (format {}, this one knows {}); upgrade "
                               "this installation",
                               database.getFilename(), version, schema_version));
    }
}

void prepare_schema(SQLite::Database& database, const journal_account& account) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    const bool is_new = database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0;
    if (is_new) {
        database.exec(schema);
        database.exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {};", application_id, schema_version));
        SQLite::Statement bind(database, "INSERT INTO account (url, name) VALUES (?, ?)");
        SQLite::bind(bind, account.url, account.name);
        bind.exec();
        transaction.commit();
        return;
    }
    check_schema(database);
    SQLite::Statement bound(database, "SELECT url, name FROM account");
    const bool is_same = bound.executeStep() && bound.getColumn(0).getString() == account.url &&
                         bound.getColumn(1).getString() == account.name;
    if (!is_same && has_never_sent(database)) {
        SQLite::Statement rebind(database, "UPDATE account SET url = ?, name = ?");
        SQLite::bind(rebind, account.url, account.name);
        rebind.exec();
    } else if (!is_same) {
        throw stop(exit_code::usage,
                   fmt::format("the journal {} belongs to the account {} at {}, and the job points to {} at {}: its ids "
                               "would overwrite strangers there; give this job a [journal] path of its own",
                               database.getFilename(), in_quotes(bound.getColumn(1).getString()),
                               bound.getColumn(0).getString(), in_quotes(account.name), account.url));
    }
    transaction.commit();
}

} // namespace baseload
