#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "baseload/core/fingerprint.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace baseload::test {

// Journals as older versions wrote them, format by format.
inline constexpr const char* format_1 = R"sql(
CREATE TABLE account (url TEXT NOT NULL, name TEXT NOT NULL, key_columns TEXT NOT NULL) STRICT;
CREATE TABLE client (key_hash BLOB PRIMARY KEY, record BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE client_detail (key_hash BLOB PRIMARY KEY, key TEXT NOT NULL, crm_client_id INTEGER NOT NULL,
    sent BLOB NOT NULL, created_run INTEGER NOT NULL, changed_run INTEGER NOT NULL, changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE intent (key_hash BLOB PRIMARY KEY, key TEXT NOT NULL, run INTEGER NOT NULL, line INTEGER NOT NULL,
    at INTEGER NOT NULL, parameters TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE refusal (key_hash BLOB PRIMARY KEY, key TEXT NOT NULL, record BLOB NOT NULL, run INTEGER NOT NULL,
    at INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE run (id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, pid INTEGER NOT NULL,
    started_at INTEGER NOT NULL, finished_at INTEGER, exit_code INTEGER, records INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL DEFAULT 0, updated INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0, in_doubt INTEGER NOT NULL DEFAULT 0,
    not_reached INTEGER NOT NULL DEFAULT 0, requests INTEGER NOT NULL DEFAULT 0,
    partial INTEGER NOT NULL DEFAULT 0, stopped_because TEXT NOT NULL DEFAULT '') STRICT;
)sql";

inline constexpr const char* added_by_2 = R"sql(
CREATE INDEX client_by_id ON client_detail (crm_client_id);
CREATE TABLE deleted (key_hash BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE absent (key_hash BLOB PRIMARY KEY, run INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE backup (run INTEGER NOT NULL, key_hash BLOB NOT NULL, crm_client_id INTEGER NOT NULL,
    fields TEXT NOT NULL, PRIMARY KEY (run, key_hash)) STRICT, WITHOUT ROWID;
ALTER TABLE run ADD COLUMN undone_at INTEGER;
)sql";

inline constexpr const char* added_by_3 = R"sql(
CREATE TABLE kept (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
)sql";

inline constexpr const char* added_by_4 = R"sql(
CREATE TABLE self (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, sessions INTEGER NOT NULL DEFAULT 0,
    lost_log INTEGER NOT NULL DEFAULT 0, linked INTEGER NOT NULL DEFAULT 0, token_salt TEXT NOT NULL DEFAULT '',
    token_hash TEXT NOT NULL DEFAULT '', newest_id INTEGER, ids_rise INTEGER NOT NULL DEFAULT 1, state_id TEXT,
    sending_until INTEGER) STRICT;
INSERT INTO self (one, id) VALUES (1, lower(hex(randomblob(16))));
ALTER TABLE intent ADD COLUMN newest_id INTEGER;
ALTER TABLE intent ADD COLUMN ahead INTEGER NOT NULL DEFAULT 0;
CREATE TABLE status_before (key_hash BLOB PRIMARY KEY, status INTEGER NOT NULL) STRICT, WITHOUT ROWID;
ALTER TABLE run ADD COLUMN missing_refused INTEGER NOT NULL DEFAULT 0;
)sql";

// A journal that some older version left, to be filled with customers.
class old_journal {
public:
    old_journal(const std::filesystem::path& path, int format, const std::string& url, const std::string& name,
                const std::string& key_columns)
        : database_(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
        database_.exec("PRAGMA journal_mode = WAL");
        database_.exec("BEGIN");
        for (const char* tables : {format_1, added_by_2, added_by_3, added_by_4}) {
            if (format-- > 0) {
                database_.exec(tables);
                ++format_;
            }
        }
        database_.exec("PRAGMA application_id = 1651731556; PRAGMA user_version = " + std::to_string(format_));
        run("INSERT INTO account VALUES (?, ?, ?)", url, name, key_columns);
        run("INSERT INTO run (source, pid, started_at, exit_code) VALUES (?, 1, 0, 0)", std::string("old.csv"));
    }
    ~old_journal() { database_.exec("COMMIT"); }
    old_journal(const old_journal&) = delete;
    old_journal& operator=(const old_journal&) = delete;

    // `email`: what was sent of it.
    void add_client(const std::string& key, std::int64_t id, const std::string& record, const std::string& email) {
        const std::string sent = std::string("\0\0\0\6", 4) + to_bytes(fingerprint_of(email));
        const std::string hash = hash_of(key);
        const std::string record_hash = to_bytes(fingerprint_of(record));
        SQLite::Statement client(database_, "INSERT INTO client VALUES (?, ?)");
        bind_bytes(client, 1, hash);
        bind_bytes(client, 2, record_hash);
        client.exec();
        SQLite::Statement detail(database_, "INSERT INTO client_detail VALUES (?, ?, ?, ?, 1, 1, 1700000000000)");
        bind_bytes(detail, 1, hash);
        detail.bind(2, key);
        detail.bind(3, id);
        bind_bytes(detail, 4, sent);
        detail.exec();
    }
    void add_intent(const std::string& key) {
        SQLite::Statement intent(database_, "INSERT INTO intent (key_hash, key, run, line, at, parameters) "
                                            "VALUES (?, ?, 1, 7, 1700000000000, '{\"login\":\"x\"}')");
        const std::string hash = hash_of(key);
        bind_bytes(intent, 1, hash);
        intent.bind(2, key);
        intent.exec();
    }
    void add_refusal(const std::string& key, const std::string& record) {
        SQLite::Statement refusal(database_, "INSERT INTO refusal VALUES (?, ?, ?, 1, 0, 'ERROR_X', 'no')");
        const std::string hash = hash_of(key);
        const std::string record_hash = to_bytes(fingerprint_of(record));
        bind_bytes(refusal, 1, hash);
        refusal.bind(2, key);
        bind_bytes(refusal, 3, record_hash);
        refusal.exec();
    }
    // Of format 2 and later.
    void mark(const std::string& table, const std::string& key) {
        SQLite::Statement mark(database_, "INSERT INTO " + table + " VALUES (?, 1)");
        const std::string hash = hash_of(key);
        bind_bytes(mark, 1, hash);
        mark.exec();
    }

private:
    static std::string hash_of(const std::string& key) { return to_bytes(fingerprint_of(key)); }
    static void bind_bytes(SQLite::Statement& s, int index, const std::string& bytes) {
        s.bindNoCopy(index, bytes.data(), static_cast<int>(bytes.size()));
    }
    template <class... Texts>
    void run(const char* sql, const Texts&... texts) {
        SQLite::Statement s(database_, sql);
        int index = 0;
        (s.bind(++index, texts), ...);
        s.exec();
    }

    SQLite::Database database_;
    int format_ = 0;
};

}  // namespace baseload::test
