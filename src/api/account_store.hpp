#pragma once

#include "baseload/api/account_database.hpp"
#include "baseload/api/request_limit.hpp"
#include "baseload/api/used_journal.hpp"
#include "baseload/core/boot_clock.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/database/sql_session.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace baseload {

// The tables of an account's state, and the clock that they are kept by. Engines differ in how they are opened and in
// that clock; what is decided from the tables is account_state's.
class account_store {
public:
    using clock_point = boot_clock::time_point;

    // Retry-After is believed up to an hour (block_notice.cpp); the minute is for its margin. What claims more is a
    // damaged entry or a wrong clock.
    static constexpr boot_clock::duration max_block = std::chrono::hours(1) + std::chrono::minutes(1);

    virtual ~account_store() = default;
    account_store(const account_store&) = delete;
    account_store& operator=(const account_store&) = delete;

    // A random name of the tables themselves.
    [[nodiscard]] const std::string& id() const { return id_; }

    // One transaction, durable when it returns. The rest is called within one.
    template <class Work>
    auto transact(Work&& work) {
        refuse_after_failure();
        for (int attempts = 0;; ++attempts) {
            try {
                session_->begin();
                lock();
                // Every `work` returns a value, since a void result could not be kept across the commit.
                auto result = work();
                session_->commit();
                return result;
            } catch (const command_error&) {
                session_->rollback();
                if (!can_try_again(attempts)) {
                    throw;
                }
            }
        }
    }

    // Drops the slots that are free, and fills the others in.
    void load_slots(request_limit& limit, clock_point now);
    [[nodiscard]] slot_id insert_slot(clock_point free_at, clock_point now);
    void move_slot(slot_id slot, clock_point free_at, clock_point now);
    void delete_slot(slot_id slot);

    [[nodiscard]] clock_point blocked_until(clock_point now);
    void set_block(clock_point until, clock_point now);
    // What was counted may be incomplete before.
    [[nodiscard]] virtual clock_point held_until() const { return {}; }
    // Of the configured limit, at `now`.
    [[nodiscard]] double share(clock_point now);
    void set_share(double share, clock_point since, clock_point now);

    [[nodiscard]] std::vector<used_journal> journals();
    void remember(const used_journal& journal);
    void reinstate(const std::string& id);
    void replace(const std::string& id, const std::string& by);

protected:
    // `boot`: names this boot of the machine, by whose clock the times are. `max_slot`: for how long a slot can be
    // taken.
    account_store(std::string boot, boot_clock::duration max_slot);

    void open(std::unique_ptr<sql_session> session);
    // How far the clock of the tables is ahead of this machine's boot clock.
    [[nodiscard]] boot_clock::duration ahead() const { return ahead_; }
    void set_ahead(boot_clock::duration ahead) { ahead_ = ahead; }
    [[nodiscard]] sql_session& session() { return *session_; }
    [[nodiscard]] const std::string& boot() const { return boot_; }
    [[nodiscard]] clock_point read(std::int64_t milliseconds) const;

    // Within the transaction, before anything is read: nobody else changes anything until its end.
    virtual void lock() {}
    [[nodiscard]] virtual bool can_try_again(int /*attempts*/) { return false; }
    virtual void refuse_after_failure() {}

private:
    [[nodiscard]] std::int64_t stored(clock_point t) const;

    std::unique_ptr<sql_session> session_;
    std::string boot_;
    boot_clock::duration max_slot_;
    boot_clock::duration ahead_{0};
    std::string id_;
};

// Says what a failure means for the limit, once the state is open; `remedy`: blank for the usual one.
[[noreturn]] void throw_unusable(const database_failure& failure, const std::string& remedy = {});

// A file of this machine; `is_shared`: of several of its users, by the file's group. Throws SQLite::Exception.
[[nodiscard]] std::unique_ptr<account_store> open_account_file(const std::filesystem::path& file,
                                                               boot_clock::duration max_slot, bool is_shared);
// A schema of a database: one clock for all machines. Throws postgres_error.
[[nodiscard]] std::unique_ptr<account_store> open_account_database(const account_database& where,
                                                                   boot_clock::duration max_slot);

}  // namespace baseload
