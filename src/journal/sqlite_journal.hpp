#pragma once

#include "baseload/database/sqlite_session.hpp"
#include "journal_lock.hpp"
#include "sql_journal.hpp"

#include <filesystem>
#include <memory>
#include <optional>

namespace baseload {

// Opened before the journal that speaks over it: a base of sqlite_journal, since bases are made in order.
struct sqlite_journal_file {
    sqlite_journal_file(const std::filesystem::path& path, std::unique_ptr<journal_lock> held, bool to_run);

    std::unique_ptr<journal_lock> lock;  // outlives the session; null for who only reads
    bool had_log;                        // looked at before the session, which makes a new log
    bool is_open = false;                // afterwards a failure ends what was begun
    sqlite_session session;
};

// The journal in an SQLite file (WAL, synchronous=FULL).
class sqlite_journal : private sqlite_journal_file, public sql_journal {
public:
    // To run: holds the lock. To read: `lock` and `owner` are null.
    sqlite_journal(const std::filesystem::path& path, std::unique_ptr<journal_lock> lock, const journal_owner* owner);
    // Ends the session, if nobody did. Where that fails the log stays beside the file, and the next run reads it.
    ~sqlite_journal() override;

    void begin_session(std::uint64_t at_least) override;
    void end_session() override;
    void tell_progress(const progress& p) override;

private:
    void keep_what_was_open();  // of a session that never ended, for the one that writes
    void keep_log(bool keep);
};

// As the functions of journal.hpp, for a journal in a file.
[[nodiscard]] std::unique_ptr<journal> open_sqlite_journal(const std::filesystem::path& file,
                                                           const journal_owner& owner);
[[nodiscard]] std::unique_ptr<sql_journal> open_sqlite_journal_to_read(const std::filesystem::path& file);
[[nodiscard]] bool sqlite_journal_exists(const std::filesystem::path& file);
[[nodiscard]] std::vector<journal_holder> holders_of_sqlite(const std::filesystem::path& file);

}  // namespace baseload
