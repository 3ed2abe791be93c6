#pragma once

#include "baseload/journal/journal.hpp"
#include "journal_lock.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace baseload {

// The journal in an SQLite file (WAL, synchronous=FULL). A transaction opens with the
// first change after a commit.
class sqlite_journal : public journal {
public:
    // To run: holds the lock. To read: `lock` is null.
    sqlite_journal(const std::filesystem::path& path, std::unique_ptr<journal_lock> lock, const journal_account* account);

    std::uint64_t client_count() override;
    void each_key(const std::function<void(const fingerprint&, const fingerprint&)>& visit) override;
    std::optional<entry> find(const std::string& key) override;
    std::vector<std::string> doubtful_keys() override;
    std::optional<std::uint64_t> last_full_records() override;
    std::vector<run_record> runs() override;
    void each_entry(const std::function<void(const exported_entry&)>& visit) override;
    std::int64_t begin_run(const std::string& source, wall_time now) override;
    void end_run(const run_summary& summary) override;
    void intend(const intent& i, wall_time now) override;
    void withdraw(const std::string& key) override;
    void created(const std::string& key, const known_client& client, wall_time now) override;
    void updated(const std::string& key, const known_client& client, wall_time now) override;
    void refused(const std::string& key, const refusal& why, wall_time now) override;
    void noted(const std::string& key, const fingerprint& record) override;
    void commit() override;

private:
    // Runs `work`, turning SQLite's exceptions into stop(stopped) with a remedy.
    template <class Work>
    auto guarded(Work&& work);

    void abandon();

    // The prepared statement for `sql`, reset and without bindings.
    SQLite::Statement& statement(const char* sql);

    // Prepares, opens the transaction if there is none, binds and runs one change.
    template <class... Values>
    void change(const char* sql, const Values&... values);

    void write_client(const std::string& key, const known_client& client);
    void end_intent(const std::string& key);
    [[nodiscard]] std::optional<known_client> find_client(const std::string& hash, const std::string& key);

    std::unique_ptr<journal_lock> lock_;  // outlives the database
    SQLite::Database database_;
    std::map<const char*, std::unique_ptr<SQLite::Statement>> statements_;  // by the literal's address
    bool in_transaction_ = false;
    std::int64_t run_ = 0;
};

} // namespace baseload
