#pragma once

#include "baseload/core/journal_locator.hpp"
#include "baseload/database/postgres_session.hpp"
#include "postgres_lease.hpp"
#include "sql_journal.hpp"

#include <chrono>
#include <memory>
#include <optional>

namespace baseload {

// Opened before the journal that speaks over it: a base of postgres_journal, since bases are made in order.
struct postgres_journal_database {
    postgres_journal_database(const journal_locator& where, postgres_session::purpose why);

    [[noreturn]] void refuse(const database_failure& failure) const;

    journal_locator place;
    bool is_open = false;  // afterwards a failure ends what was begun
    postgres_session session;
};

// The journal in a schema of a PostgreSQL database, for runs on any number of hosts: one at a time, or the shards of
// one.
class postgres_journal final : private postgres_journal_database, public sql_journal, private run_shards {
public:
    // To run: takes the lease of this length. To read: `owner` is null.
    postgres_journal(const journal_locator& where, const journal_owner* owner, std::chrono::milliseconds lease_length,
                     const shard& part);
    // Ends the session, if nobody did, and gives the lease back.
    ~postgres_journal() override;
    postgres_journal(const postgres_journal&) = delete;
    postgres_journal& operator=(const postgres_journal&) = delete;

    [[nodiscard]] journal_hold hold() override;
    [[nodiscard]] std::optional<std::chrono::milliseconds> since_take_over() const override {
        return lease_ ? lease_->since_take_over() : std::nullopt;
    }
    [[nodiscard]] bool is_in_another_database() const override { return lease_ && lease_->found_another_database(); }
    void tell_progress(const progress& p) override;
    [[nodiscard]] run_shards* shards() override { return lease_ && !lease_->part().is_whole() ? this : nullptr; }

private:
    [[nodiscard]] const shard& part() const override { return lease_->part(); }
    [[nodiscard]] bool is_in_another_place();
    std::int64_t begin_run(const std::string& source, wall_time now) override;
    void end_session() override;
    void rollback() override;
    void note_change() override;
    // Of this shard, or (0) of any; 0: there was none.
    [[nodiscard]] std::int64_t newest_run_of_shards(std::int64_t number = 0);
    // A run of shards that did not end, and is ended here, for the history and for people.
    void give_up(std::int64_t run, wall_time now);
    std::int64_t join_run(const std::string& source, content_hash division, wall_time now) override;
    [[nodiscard]] std::optional<std::vector<run_summary>> end_shard(const run_summary& own) override;
    [[nodiscard]] std::optional<run_changes> changes_so_far() override;

    std::optional<postgres_lease> lease_;
    bool was_opened_as_whole_ = false;
    bool has_noted_change_ = false;
    bool has_joined_again_ = false;  // another try of this shard was in the run before
    run_changes before_;             // as far as the last of these told
};

// As the functions of journal.hpp, for a journal in a database.
[[nodiscard]] std::unique_ptr<journal> open_postgres_journal(const journal_locator& where, const journal_owner& owner,
                                                             std::chrono::milliseconds lease_length, const shard& part);
[[nodiscard]] std::unique_ptr<sql_journal> open_postgres_journal_to_read(const journal_locator& where);
[[nodiscard]] bool postgres_journal_exists(const journal_locator& where);
[[nodiscard]] std::vector<journal_holder> holders_of_postgres(const journal_locator& where);

}  // namespace baseload
