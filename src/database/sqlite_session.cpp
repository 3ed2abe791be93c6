#include "baseload/database/sqlite_session.hpp"

#include <sqlite3.h>

#include <utility>

namespace baseload {
namespace {

constexpr int busy_timeout_ms = 10'000;  // a reader beside the run; another run is kept out by the lock

}  // namespace

// One prepared statement, and the rows that it gives.
class sqlite_session::statement final : public sql_cursor {
public:
    statement(sqlite_session& session, const char* sql) : session_(session), prepared_(session.database_, sql) {}

    void start(std::span<const sql_value> values) {
        static_cast<void>(prepared_.tryReset());  // it says again what went wrong last time
        int index = 0;
        for (const sql_value& value : values) {
            std::visit([&](const auto& v) { bind(++index, v); }, value);
        }
    }

    void execute() {
        prepared_.exec();
        prepared_.reset();
    }

    bool next() override {
        return session_.guarded([&] { return prepared_.executeStep(); });
    }
    bool is_null(int column) override { return prepared_.getColumn(column).isNull(); }
    std::int64_t integer(int column) override { return prepared_.getColumn(column).getInt64(); }
    double real(int column) override { return prepared_.getColumn(column).getDouble(); }
    std::string_view bytes(int column) override {
        const SQLite::Column value = prepared_.getColumn(column);
        return {static_cast<const char*>(value.getBlob()), static_cast<std::size_t>(value.getBytes())};
    }
    void close() override { static_cast<void>(prepared_.tryReset()); }

private:
    // SQLiteCpp's bind copies, so what was bound may end before the statement runs.
    void bind(int index, std::monostate) { prepared_.bind(index); }
    void bind(int index, std::int64_t number) { prepared_.bind(index, number); }
    void bind(int index, double number) { prepared_.bind(index, number); }
    void bind(int index, std::string_view text) { prepared_.bind(index, std::string(text)); }
    void bind(int index, sql_bytes blob) {
        prepared_.bind(index, blob.bytes.data(), static_cast<int>(blob.bytes.size()));
    }

    sqlite_session& session_;
    SQLite::Statement prepared_;
};

sqlite_session::sqlite_session(const std::filesystem::path& path, int open_flags, failure_handler handler)
    : sql_session(path.string(), std::move(handler)), database_(path.string(), open_flags, busy_timeout_ms) {}

sqlite_session::~sqlite_session() = default;

sqlite_session::statement& sqlite_session::prepared(const char* sql, std::span<const sql_value> values) {
    // By address and not by text: one look-up without a comparison of long texts. Each literal is prepared once a
    // session.
    auto& slot = statements_[sql];
    if (!slot) {
        slot = std::make_unique<statement>(*this, sql);
    }
    slot->start(values);
    return *slot;
}

sql_cursor& sqlite_session::run_query(const char* sql, std::span<const sql_value> values) {
    return guarded([&]() -> sql_cursor& { return prepared(sql, values); });
}

void sqlite_session::run_change(const char* sql, std::span<const sql_value> values) {
    guarded([&] { prepared(sql, values).execute(); });
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

// IMMEDIATE: a transaction that begins with a read and then writes may fail with SQLITE_BUSY at once, without the
// timeout.
void sqlite_session::run_begin() {
    guarded([&] { database_.exec("BEGIN IMMEDIATE"); });
}

void sqlite_session::run_commit() {
    guarded([&] { database_.exec("COMMIT"); });
}

// SQLite has rolled back by itself after some errors; then this one fails.
void sqlite_session::run_rollback() noexcept {
    static_cast<void>(database_.tryExec("ROLLBACK"));
}

database_failure::kind sqlite_session::failure_kind(const SQLite::Exception& error) {
    switch (error.getErrorCode()) {
    case SQLITE_FULL:
    case SQLITE_IOERR: return database_failure::kind::no_room;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: return database_failure::kind::read_only;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return database_failure::kind::damaged;
    default: return database_failure::kind::other;
    }
}

}  // namespace baseload
