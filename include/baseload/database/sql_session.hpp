#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace baseload {

// Bytes, as against a text: SQLite's BLOB, PostgreSQL's bytea. A view: it lives until the call that it is given to
// returns.
struct sql_bytes {
    std::string_view bytes;
};

// A parameter of a statement; std::monostate is NULL.
using sql_value = std::variant<std::monostate, std::int64_t, double, std::string_view, sql_bytes>;

inline sql_value to_sql(std::int64_t number) {
    return number;
}
// Databases' integers have a sign: hashes above 2^63 become negative, and are turned back when they are read.
inline sql_value to_sql(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}
inline sql_value to_sql(double number) {
    return number;
}
inline sql_value to_sql(std::string_view text) {
    return text;
}
inline sql_value to_sql(sql_bytes bytes) {
    return bytes;
}
inline sql_value to_sql(const std::optional<std::int64_t>& number) {
    return number ? sql_value(*number) : sql_value(std::monostate{});
}

// The rows that a query gave. Columns count from 0.
class sql_cursor {
public:
    virtual ~sql_cursor() = default;

    [[nodiscard]] virtual bool next() = 0;
    [[nodiscard]] virtual bool is_null(int column) = 0;
    [[nodiscard]] virtual std::int64_t integer(int column) = 0;  // 0 for NULL
    [[nodiscard]] virtual double real(int column) = 0;
    [[nodiscard]] virtual std::string_view bytes(int column) = 0;  // of a text too; until the next row
    virtual void close() = 0;
};

// Who holds it holds the query's rows, which end with it: an open query may keep a file locked, or a connection busy.
class sql_rows {
public:
    explicit sql_rows(sql_cursor& cursor) : cursor_(&cursor) {}
    ~sql_rows() { cursor_->close(); }
    sql_rows(const sql_rows&) = delete;
    sql_rows& operator=(const sql_rows&) = delete;

    [[nodiscard]] bool next() { return cursor_->next(); }
    [[nodiscard]] bool is_null(int column) { return cursor_->is_null(column); }
    [[nodiscard]] std::int64_t integer(int column) { return cursor_->integer(column); }
    [[nodiscard]] double real(int column) { return cursor_->real(column); }
    [[nodiscard]] std::string text(int column) { return std::string(cursor_->bytes(column)); }
    [[nodiscard]] std::string_view bytes(int column) { return cursor_->bytes(column); }
    [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) {
        return is_null(column) ? std::nullopt : std::optional(integer(column));
    }

private:
    sql_cursor* cursor_;
};

// What went wrong with a database, for who says it in its own words.
struct database_failure {
    enum class kind {
        no_room,      // its disk is full, or cannot be written
        read_only,    // this user must not write, or not open it
        damaged,      // or another kind of file
        unreachable,  // it does not answer, or the connection was cut
        crowded,      // it takes no more connections for now
        unfit,        // it is there, and no connection comes about: the certificate, or the database's name
        refused,      // it does not know the user, or the password
        no_rights,    // the user must not do this
        taken,        // what is written to is somebody else's by now
        set_back,     // it has lost what it had committed
        other
    };
    kind what = kind::other;
    std::string place;     // a file's path, or a server and its database, without a password
    std::string reason;    // the database's own words
    bool is_lost = false;  // nothing more can be written: an earlier change was lost
};

// There is no connection, and there may be one in a moment.
[[nodiscard]] constexpr bool is_away(database_failure::kind what) {
    return what == database_failure::kind::unreachable || what == database_failure::kind::crowded;
}

// Throws the failure as a command_error, in the words of whose database it is.
using failure_handler = std::function<void(const database_failure&)>;

// A connection to a database, its prepared statements and its open transaction, which begins with the first change
// after a commit. Statements are literals, which live as long as the session, with `?` for each value; they are written
// in what SQLite and PostgreSQL both understand.
//
// What fails is handed to the failure_handler, which throws. A change that failed takes its transaction with it, and
// until rollback() acknowledges that, every further change and commit fails too: nobody is told that what was lost is
// on disk. Not thread-safe.
class sql_session {
public:
    virtual ~sql_session() = default;

    // A statement's rows are of one query at a time: the same literal must not be asked while its rows are still held.
    template <class... Values>
    [[nodiscard]] sql_rows query(const char* sql, const Values&... values) {
        const std::array<sql_value, sizeof...(Values)> list{to_sql(values)...};
        return sql_rows(run_query(sql, list));
    }

    // The same query for each of some values, which gives one row at most for each: one round trip for an engine behind
    // a network. `visit` gets the value's index and the row, where there is one.
    void query_each(const char* sql, std::span<const sql_value> values,
                    const std::function<void(std::size_t, sql_rows&)>& visit) {
        if (!values.empty()) {
            run_query_each(sql, values, visit);
        }
    }

    // One change inside the transaction. An engine behind a network may learn only from commit() or the next query that
    // it failed.
    template <class... Values>
    void change(const char* sql, const Values&... values) {
        const std::array<sql_value, sizeof...(Values)> list{to_sql(values)...};
        change_with(sql, list);
    }
    void change_with(const char* sql, std::span<const sql_value> values) {
        begin();
        run_change(sql, values);
    }

    // A change that gives a number: INSERT … RETURNING. Not for a session that repeats transactions
    // (postgres_session::hold_by): the number would be another the second time.
    template <class... Values>
    [[nodiscard]] std::int64_t change_returning(const char* sql, const Values&... values) {
        const std::array<sql_value, sizeof...(Values)> list{to_sql(values)...};
        begin();
        sql_rows rows(run_query(sql, list));
        return rows.next() ? rows.integer(0) : 0;
    }

    // From here on all that is read is of one moment, until this ends. For who only reads.
    virtual void keep_snapshot() = 0;
    // Gives back the memory of what was read: what reads all of it will hardly ask for it again.
    virtual void forget_pages() {}

    void begin();   // opens the transaction, if none is open: a change does it too
    void commit();  // also what commit_later() began
    // The same, which may return before it is durable: an engine behind a network sends it on its way. What is written
    // meanwhile belongs to the next transaction, and whatever else is asked waits for it.
    void commit_later();
    // Whether that is durable by now. Fails as commit() would have.
    [[nodiscard]] bool is_settled() { return run_is_settled(); }
    void lose();      // the transaction cannot go on: see above
    void rollback();  // gives up what was not committed, and acknowledges what was lost

    [[nodiscard]] const std::string& place() const { return place_; }

protected:
    sql_session(std::string place, failure_handler handler) : place_(std::move(place)), handler_(std::move(handler)) {}

    virtual sql_cursor& run_query(const char* sql, std::span<const sql_value> values) = 0;
    virtual void run_query_each(const char* sql, std::span<const sql_value> values,
                                const std::function<void(std::size_t, sql_rows&)>& visit);
    virtual void run_change(const char* sql, std::span<const sql_value> values) = 0;
    virtual void run_begin() = 0;
    virtual void run_commit() = 0;
    virtual void run_commit_later() { run_commit(); }
    virtual bool run_is_settled() { return true; }
    virtual void run_settle() {}
    virtual void run_rollback() noexcept = 0;

    // What commit_later() had under way is lost, and what was written since.
    void lose_commit();
    // The transaction, if one is open, is lost; throws what the handler throws.
    [[noreturn]] void fail(database_failure::kind what, const std::string& reason);
    [[nodiscard]] bool in_transaction() const { return in_transaction_; }

private:
    void refuse_after_loss() const;
    [[noreturn]] void throw_failure(const database_failure& failure) const;

    std::string place_;
    failure_handler handler_;
    bool in_transaction_ = false;
    bool lost_ = false;  // a transaction, and nobody has acknowledged it yet
};

}  // namespace baseload
