#pragma once

#include "baseload/core/exit_code.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace baseload {

// Bytes that SQLite is to store as a BLOB.
struct blob {
    std::string bytes;
};

// A journal's file, its prepared statements and its open transaction, which begins with the
// first change after a commit. SQLite's errors become command_error(stopped) that says what to do; a
// change that failed takes its transaction with it, and until rollback() acknowledges that,
// every further change and commit fails too: nobody is told that what was lost is on disk.
class sqlite_session {
public:
    sqlite_session(const std::filesystem::path& path, int open_flags);

    [[nodiscard]] SQLite::Database& database() { return database_; }

    // Runs `work`, turning SQLite's exceptions into stops.
    template <class Work>
    auto guarded(Work&& work) {
        try {
            return work();
        } catch (const SQLite::Exception& error) {
            give_up();
            refuse(database_.getFilename(), error, exit_code::stopped);
        }
    }

    // The prepared statement for `sql` (a literal, which lives as long as this), reset and
    // bound. To be reset after its last row, or it keeps the file locked for readers.
    template <class... Values>
    SQLite::Statement& query(const char* sql, const Values&... values) {
        SQLite::Statement& prepared = statement(sql);
        int index = 0;
        (bind(prepared, ++index, values), ...);
        return prepared;
    }

    // Runs one change inside the transaction.
    template <class... Values>
    void change(const char* sql, const Values&... values) {
        guarded([&] {
            begin();
            SQLite::Statement& prepared = query(sql, values...);
            prepared.exec();
            prepared.reset();
        });
    }

    // From here on all that is read is of one moment, until this ends. For who only reads.
    void keep_snapshot();

    // Gives back the memory of the pages that were read: what reads all of them will hardly ask for them again.
    void forget_pages();

    void commit();
    void lose() { give_up(); }  // the transaction cannot go on: see above
    void rollback();            // gives up what was not committed, and acknowledges what was lost

    // Throws the stop for an error of the file at `path`.
    [[noreturn]] static void refuse(const std::string& path, const SQLite::Exception& error, exit_code code);

private:
    SQLite::Statement& statement(const char* sql);
    void begin();
    void give_up();
    void refuse_after_loss() const;

    static void bind(SQLite::Statement& s, int index, const blob& b);
    static void bind(SQLite::Statement& s, int index, const std::string& text);
    static void bind(SQLite::Statement& s, int index, std::int64_t number);
    static void bind(SQLite::Statement& s, int index, std::uint64_t number);
    static void bind(SQLite::Statement& s, int index, const std::optional<std::int64_t>& number);  // NULL for none

    SQLite::Database database_;
    std::unordered_map<const char*, std::unique_ptr<SQLite::Statement>> statements_;  // by the literal's address
    bool in_transaction_ = false;
    bool lost_ = false;  // a transaction, and nobody has acknowledged it yet
};

}  // namespace baseload
