#include "schema.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"

#include <SQLiteCpp/VariadicBind.h>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace baseload {
namespace {

constexpr std::int32_t application_id = 0x6273'6C64;  // "bsld": tells a journal from other databases
constexpr std::int32_t schema_version = 4;

// `client` is what every row of a rerun needs, kept narrow; `client_detail` is what only a
// changed row needs. `sent` is a list of field code (4 bytes, big-endian) and fingerprint.
// Times are milliseconds since 1970, UTC.
constexpr const char* schema = R"sql(
CREATE TABLE account (url TEXT NOT NULL, name TEXT NOT NULL, key_columns TEXT NOT NULL) STRICT;
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
    partial INTEGER NOT NULL DEFAULT 0,
    stopped_because TEXT NOT NULL DEFAULT ''
) STRICT;
)sql";

// What came with version 2. `deleted`: keys whose client the account does not have any more;
// `absent`: keys that the last full run did not have; `backup`: what updates overwrote.
constexpr const char* additions_of_2 = R"sql(
CREATE INDEX client_by_id ON client_detail (crm_client_id);
CREATE TABLE deleted (key_hash BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE absent (key_hash BLOB PRIMARY KEY, run INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE backup (
    run INTEGER NOT NULL,
    key_hash BLOB NOT NULL,
    crm_client_id INTEGER NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (run, key_hash)
) STRICT, WITHOUT ROWID;
ALTER TABLE run ADD COLUMN undone_at INTEGER;
)sql";

// What came with version 3: what the account said of its statuses, extra fields and contractors.
constexpr const char* additions_of_3 = R"sql(
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
)sql";

// What came with version 4: who the journal is, what it takes to tell old clients from new, and what clients were
// before they were missing.
constexpr const char* additions_of_4 = R"sql(
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
ALTER TABLE intent ADD COLUMN newest_id INTEGER;
ALTER TABLE intent ADD COLUMN ahead INTEGER NOT NULL DEFAULT 0;
CREATE TABLE status_before (key_hash BLOB PRIMARY KEY, status INTEGER NOT NULL) STRICT, WITHOUT ROWID;
ALTER TABLE run ADD COLUMN missing_refused INTEGER NOT NULL DEFAULT 0;
)sql";

std::int32_t pragma(SQLite::Database& database, const char* name) {
    return database.execAndGet(fmt::format("PRAGMA {}", name)).getInt();
}

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

// Since version 4 keys are NFC, without outer white space. Where two old keys become one the first keeps the name: the
// other is held back when a source has it.
void normalise_keys(SQLite::Database& database) {
    std::vector<std::string> keys;
    SQLite::Statement all(database,
                          "SELECT key FROM client_detail UNION SELECT key FROM intent UNION SELECT key FROM refusal");
    while (all.executeStep()) {
        if (const std::string key = all.getColumn(0).getString(); key != normalised_key(key)) {
            keys.push_back(key);
        }
    }
    for (const std::string& key : keys) {
        const std::string now = normalised_key(key);
        const std::string old_hash = to_bytes(key_hash(key));
        const std::string new_hash = to_bytes(key_hash(now));
        SQLite::Statement taken(database, "SELECT 1 FROM client_detail WHERE key_hash = ?");
        taken.bind(1, new_hash.data(), static_cast<int>(new_hash.size()));
        if (taken.executeStep()) {
            continue;  // two clients of one key: what is known of the other stays with the other
        }
        for (const char* table : {"client_detail", "intent", "refusal"}) {
            SQLite::Statement rename(
                database, fmt::format("UPDATE OR IGNORE {} SET key = ?1, key_hash = ?2 WHERE key_hash = ?3", table));
            rename.bind(1, now);
            rename.bind(2, new_hash.data(), static_cast<int>(new_hash.size()));
            rename.bind(3, old_hash.data(), static_cast<int>(old_hash.size()));
            rename.exec();
        }
        for (const char* table : {"client", "deleted", "absent", "backup"}) {
            SQLite::Statement move(database,
                                   fmt::format("UPDATE OR IGNORE {} SET key_hash = ?1 WHERE key_hash = ?2", table));
            move.bind(1, new_hash.data(), static_cast<int>(new_hash.size()));
            move.bind(2, old_hash.data(), static_cast<int>(old_hash.size()));
            move.exec();
        }
    }
}

std::string listed_columns(const journal_owner& owner) {
    std::vector<std::string> quoted;
    for (const std::string& column : owner.key_columns) {
        quoted.push_back(in_quotes(column));
    }
    return listed(quoted);
}

void refuse_other_owner(SQLite::Database& database, const journal_owner& owner) {
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

}  // namespace

void check_schema(SQLite::Database& database) {
    if (pragma(database, "application_id") != application_id) {
        throw command_error(exit_code::usage,
                            fmt::format("{} is a database, but not a journal of baseload; give [journal] path "
                                        "a file of its own",
                                        database.getFilename()));
    }
    const std::int32_t version = pragma(database, "user_version");
    if (version > schema_version) {
        throw command_error(
            exit_code::usage,
            fmt::format("the journal {} was written by a newer baseload (format {}, this one knows {}); upgrade "
                        "this installation",
                        database.getFilename(), version, schema_version));
    }
}

void refuse_outdated(SQLite::Database& database) {
    if (pragma(database, "user_version") < schema_version) {
        throw command_error(exit_code::usage,
                            fmt::format("the journal {} was written by an older baseload; the next run brings "
                                        "it up to date",
                                        database.getFilename()));
    }
}

void refuse_foreign(SQLite::Database& database) {
    if (!is_new(database)) {
        check_schema(database);
    }
}

void prepare_schema(SQLite::Database& database, const journal_owner& owner) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    if (is_new(database)) {
        database.exec(schema);
        database.exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = 1;", application_id));
        database.exec("INSERT INTO account VALUES ('', '', '')");
    } else {
        check_schema(database);
    }
    if (pragma(database, "user_version") < 2) {
        database.exec(additions_of_2);
    }
    if (pragma(database, "user_version") < 3) {
        database.exec(additions_of_3);
    }
    if (pragma(database, "user_version") < schema_version) {
        database.exec(additions_of_4);
        normalise_keys(database);
        database.exec(fmt::format("PRAGMA user_version = {};", schema_version));
    }
    if (!has_never_sent(database)) {
        refuse_other_owner(database, owner);
    }
    SQLite::Statement bind(database, "UPDATE account SET url = ?, name = ?, key_columns = ?");
    SQLite::bind(bind, owner.url, owner.name, listed_columns(owner));
    bind.exec();
    transaction.commit();
}

}  // namespace baseload
