#pragma once

#include "baseload/database/sql_session.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <memory>
#include <unordered_map>

namespace baseload {

// An SQLite file. One that cannot be opened throws SQLite::Exception, as do calls of database() itself.
class sqlite_session final : public sql_session {
public:
    sqlite_session(const std::filesystem::path& path, int open_flags, failure_handler handler);
    ~sqlite_session() override;

    // For what is SQLite's own: its pragmas, and the making of tables.
    [[nodiscard]] SQLite::Database& database() { return database_; }

    // Runs `work`, turning SQLite's exceptions into failures.
    template <class Work>
    decltype(auto) guarded(Work&& work) {
        try {
            return work();
        } catch (const SQLite::Exception& error) {
            fail(failure_kind(error), error.what());
        }
    }

    void keep_snapshot() override;
    void forget_pages() override;

    [[nodiscard]] static database_failure::kind failure_kind(const SQLite::Exception& error);

private:
    class statement;

    [[nodiscard]] statement& prepared(const char* sql, std::span<const sql_value> values);
    sql_cursor& run_query(const char* sql, std::span<const sql_value> values) override;
    void run_change(const char* sql, std::span<const sql_value> values) override;
    void run_begin() override;
    void run_commit() override;
    void run_rollback() noexcept override;

    SQLite::Database database_;
    std::unordered_map<const char*, std::unique_ptr<statement>> statements_;  // by the literal's address
};

}  // namespace baseload
