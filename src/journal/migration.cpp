#include "migration.hpp"

#include "baseload/core/fingerprint.hpp"
#include "baseload/core/text.hpp"
#include "key_pack.hpp"
#include "sent_codec.hpp"
#include "sql_values.hpp"

#include <SQLiteCpp/VariadicBind.h>
#include <fmt/format.h>

#include <cstring>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace baseload {
namespace {

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

// What came with version 6: what a run did to clients that were missing, and how many rows the job left out.
constexpr const char* additions_of_6 = R"sql(
ALTER TABLE run ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN missing_action TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN missing INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN missing_done INTEGER NOT NULL DEFAULT 0;
)sql";

// What came with version 7: the rest of a run's summary, and what its report shows (run_codec.hpp).
constexpr const char* additions_of_7 = R"sql(
ALTER TABLE run ADD COLUMN more TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN details TEXT NOT NULL DEFAULT '';
)sql";

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
        // Up to format 4 the whole hash of 16 bytes was the key; move_to_format_5 shortens it later in the same
        // transaction.
        const std::string old_hash = to_bytes(fingerprint_of(key));
        const std::string new_hash = to_bytes(fingerprint_of(now));
        SQLite::Statement taken(database, "SELECT 1 FROM client_detail WHERE key_hash = ?");
        taken.bind(1, new_hash.data(), static_cast<int>(new_hash.size()));
        if (taken.executeStep()) {
            continue;  // two clients of one key: what is known of the other stays with the other
        }
        // OR IGNORE: an intent or a refusal of the new form may be there without a client, and then it stays.
        for (const char* table : {"client_detail", "intent", "refusal"}) {
            SQLite::Statement rename(
                database, fmt::format("UPDATE OR IGNORE {} SET key = ?1, key_hash = ?2 WHERE key_hash = ?3", table));
            rename.bind(1, now);
            rename.bind(2, new_hash.data(), static_cast<int>(new_hash.size()));
            rename.bind(3, old_hash.data(), static_cast<int>(old_hash.size()));
            rename.exec();
        }
        // These tables have no text of the key, only its hash.
        for (const char* table : {"client", "deleted", "absent", "backup"}) {
            SQLite::Statement move(database,
                                   fmt::format("UPDATE OR IGNORE {} SET key_hash = ?1 WHERE key_hash = ?2", table));
            move.bind(1, new_hash.data(), static_cast<int>(new_hash.size()));
            move.bind(2, old_hash.data(), static_cast<int>(old_hash.size()));
            move.exec();
        }
    }
}

// Of clients, a row each by its id: ids rise, so that a run appends. A key whose client the account does not have any
// more keeps its row. What leads from a key to its client is the directory (key_directory.hpp): `key_pack` and
// `key_log`. `intent` and `unsettled` hold what is under way: a create, an update whose fields are unknown meanwhile; a
// row goes when its answer is there, so that both are short. `refusal` has the service's no to a
// key's record. `changed_at` is in seconds since 1970, UTC.
constexpr const char* client_tables = R"sql(
CREATE TABLE client (
    crm_client_id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    sent BLOB NOT NULL,
    created_run INTEGER NOT NULL,
    changed_run INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;
CREATE TABLE key_pack (place INTEGER PRIMARY KEY, count INTEGER NOT NULL, rows BLOB NOT NULL) STRICT;
CREATE TABLE key_log (number INTEGER PRIMARY KEY, rows BLOB NOT NULL) STRICT;
CREATE TABLE intent (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    run INTEGER NOT NULL,
    line INTEGER NOT NULL,
    at INTEGER NOT NULL,
    parameters TEXT NOT NULL,
    newest_id INTEGER,
    ahead INTEGER NOT NULL
) STRICT;
CREATE TABLE unsettled (number INTEGER PRIMARY KEY, key TEXT NOT NULL, run INTEGER NOT NULL, fields BLOB NOT NULL) STRICT;
CREATE TABLE refusal (
    key_hash BLOB PRIMARY KEY,
    key TEXT NOT NULL,
    record INTEGER NOT NULL,
    run INTEGER NOT NULL,
    at INTEGER NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// Between split_pack and max_pack (key_directory.cpp), so that a pack takes some more rows before it is split.
constexpr std::size_t rows_a_pack = 100;

// Format 4 kept all 128 bits of a record's fingerprint. The lower half of them is the hash of today, so that no row
// looks changed after the migration.
content_hash record_of_format_4(const SQLite::Column& column) {
    return {fingerprint_from_bytes(column.getBlob()).low};
}

// In the order of the ids. Two keys may share a client, by a fault of versions before 4: the one that was changed last
// keeps it, and the other becomes a create in doubt, which a person settles. Returns the hashes of these.
std::set<std::string> move_clients(SQLite::Database& database) {
    std::set<std::string> without_client;
    SQLite::Statement insert(database, "INSERT INTO client VALUES (?, ?, ?, ?, ?, ?, ?)");
    // Line 0: which row it was is not known any more. '{}': what was sent neither.
    // Its open create, if it has one, must not be sent again by itself: the person's word comes first.
    SQLite::Statement other_doubt(database, "DELETE FROM intent WHERE key = ?");
    SQLite::Statement doubt(database,
                            "INSERT INTO intent (key, run, line, at, parameters, ahead) VALUES (?, ?, 0, ?, '{}', 0)");
    // Sorted as a whole: by the index each row would be looked for in its place.
    SQLite::Statement old(database,
                          "SELECT d.crm_client_id, d.key, d.sent, d.created_run, d.changed_run, d.changed_at, x.at, "
                          "d.key_hash FROM client_detail d JOIN old_client c ON c.key_hash = d.key_hash "
                          "LEFT JOIN deleted x ON x.key_hash = d.key_hash "
                          "ORDER BY +d.crm_client_id, d.changed_at DESC, d.key");
    std::int64_t last_id = 0;
    while (old.executeStep()) {
        const std::int64_t id = old.getColumn(0).getInt64();
        if (id == last_id) {
            SQLite::bind(other_doubt, old.getColumn(1).getString());
            other_doubt.exec();
            other_doubt.reset();
            SQLite::bind(doubt, old.getColumn(1).getString(), old.getColumn(3).getInt64(), old.getColumn(5).getInt64());
            doubt.exec();
            doubt.reset();
            without_client.insert(bytes_of(old.getColumn(7)));
            continue;
        }
        last_id = id;
        insert.bind(1, id);
        insert.bind(2, old.getColumn(1).getString());
        const std::string sent = encode_sent(decode_sent_of_format_4(view_of(old.getColumn(2))));
        insert.bindNoCopy(3, sent.data(), static_cast<int>(sent.size()));
        insert.bind(4, old.getColumn(3).getInt64());
        insert.bind(5, old.getColumn(4).getInt64());
        insert.bind(6, old.getColumn(5).getInt64() / 1000);
        if (old.getColumn(6).isNull()) {
            insert.bind(7);
        } else {
            insert.bind(7, old.getColumn(6).getInt64());
        }
        insert.exec();
        insert.reset();
    }
    return without_client;
}

// The first pack begins at the lowest place of all, as in key_directory, whatever its first key is.
void write_pack(SQLite::Database& database, const std::vector<key_row>& rows, bool is_first) {
    SQLite::Statement insert(database, "INSERT INTO key_pack VALUES (?, ?, ?)");
    const std::string pack = pack_rows(rows);
    insert.bind(1, is_first ? first_place : place_of(rows.front().key));
    insert.bind(2, static_cast<std::int64_t>(rows.size()));
    insert.bindNoCopy(3, pack.data(), static_cast<int>(pack.size()));
    insert.exec();
}

// In the order of the hashes, which is that of the old table.
void move_directory(SQLite::Database& database, const std::set<std::string>& without_client) {
    SQLite::Statement old(database, "SELECT c.key_hash, c.record, d.crm_client_id, x.key_hash IS NOT NULL "
                                    "FROM old_client c JOIN client_detail d ON d.key_hash = c.key_hash "
                                    "LEFT JOIN deleted x ON x.key_hash = c.key_hash ORDER BY c.key_hash");
    std::vector<key_row> rows;
    bool is_first = true;
    while (old.executeStep()) {
        if (without_client.contains(bytes_of(old.getColumn(0)))) {
            continue;
        }
        const fingerprint key = key_from_bytes(old.getColumn(0).getBlob());
        // Keys of one place must be in one pack (end_of_piece in key_directory.cpp).
        if (rows.size() >= rows_a_pack && place_of(rows.back().key) != place_of(key)) {
            write_pack(database, rows, std::exchange(is_first, false));
            rows.clear();
        }
        const std::int64_t id = old.getColumn(2).getInt64();
        // A negative number says that the account does not have the client any more; up to format 4 the table `deleted`
        // said it.
        rows.push_back({key, record_of_format_4(old.getColumn(1)), old.getColumn(3).getInt() != 0 ? -id : id});
    }
    if (!rows.empty()) {
        write_pack(database, rows, is_first);
    }
}

// Refusals keep their run and their time: a refused row is not sent again until it changes, and a migration changes no
// row.
void move_refusals(SQLite::Database& database) {
    SQLite::Statement insert(database, "INSERT INTO refusal VALUES (?, ?, ?, ?, ?, ?, ?)");
    SQLite::Statement old(database,
                          "SELECT substr(key_hash, 1, 12), key, record, run, at, code, message FROM old_refusal");
    while (old.executeStep()) {
        const std::string hash = bytes_of(old.getColumn(0));
        insert.bind(1, hash.data(), static_cast<int>(hash.size()));
        insert.bind(2, old.getColumn(1).getString());
        insert.bind(3, static_cast<std::int64_t>(record_of_format_4(old.getColumn(2)).bits));
        insert.bind(4, old.getColumn(3).getInt64());
        insert.bind(5, old.getColumn(4).getInt64());
        insert.bind(6, old.getColumn(5).getString());
        insert.bind(7, old.getColumn(6).getString());
        insert.exec();
        insert.reset();
    }
}

// Up to format 4 every key was found by its hash of 16 bytes, in a table that was sorted by it. The tables are renamed
// and copied, since ALTER TABLE cannot change a primary key (https://www.sqlite.org/lang_altertable.html). Old and new
// ones stand side by side until the end; a full disk leaves the old format whole (tests/journal/power_loss_test.cpp).
void move_to_format_5(SQLite::Database& database) {
    database.exec("ALTER TABLE client RENAME TO old_client; ALTER TABLE intent RENAME TO old_intent; "
                  "ALTER TABLE refusal RENAME TO old_refusal;");
    make_client_tables(database);
    database.exec("INSERT INTO intent (key, run, line, at, parameters, newest_id, ahead) "
                  "SELECT key, run, line, at, parameters, newest_id, ahead FROM old_intent ORDER BY at, key");
    move_directory(database, move_clients(database));
    move_refusals(database);
    // From 16 bytes to key_bytes.
    for (const char* table : {"absent", "backup", "status_before"}) {
        database.exec(std::string("UPDATE ") + table + " SET key_hash = substr(key_hash, 1, 12)");
    }
    database.exec("DROP TABLE old_client; DROP TABLE client_detail; DROP TABLE old_intent; DROP TABLE old_refusal; "
                  "DROP TABLE deleted;");
}

}  // namespace

void make_client_tables(SQLite::Database& database) {
    database.exec(client_tables);
}

// Each step makes the format of the next number, so a file of format 1 goes through all of them. Who opens it only to
// read never gets here (refuse_outdated).
void migrate_journal(SQLite::Database& database, std::int32_t from) {
    if (from < 2) {
        database.exec(additions_of_2);
    }
    if (from < 3) {
        database.exec(additions_of_3);
    }
    if (from < 4) {
        database.exec(additions_of_4);
        normalise_keys(database);
    }
    if (from < 5) {
        move_to_format_5(database);
    }
    if (from < 6) {
        database.exec(additions_of_6);
    }
    if (from < 7) {
        database.exec(additions_of_7);
    }
}

}  // namespace baseload
