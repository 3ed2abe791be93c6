#pragma once

#include "baseload/database/postgres_connection.hpp"
#include "baseload/database/postgres_place.hpp"
#include "baseload/database/sql_session.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace baseload {

// A schema of a PostgreSQL database. Changes are kept here until a commit or a query wants them, and then sent
// together: one round trip a commit. A connection that was lost is made anew.
//
// With hold_by(), each transaction takes effect only while the fence is held, and exactly once: one whose connection
// was lost is looked up and, where it did not take effect, repeated. Nobody else changes what the fence's holder has
// read and decides by, so that is the same transaction.
class postgres_session final : public sql_session {
public:
    using purpose = postgres_connection::purpose;

    // Throws what the handler throws where it cannot connect.
    postgres_session(postgres_place place, purpose why, std::chrono::milliseconds patience, failure_handler handler);
    ~postgres_session() override;

    // The fence of a lease in the schema, which has the table lease (a row by its number, `shard`) and the function
    // keep_fence(shard, fence, commits).
    void hold_by(std::int64_t fence, std::int64_t number);
    // Whether another program has it by now; asked over a connection of its own. False where that cannot be told.
    [[nodiscard]] bool has_lost_fence() const;

    // By which the server tells who it is: pg_stat_activity.
    [[nodiscard]] const std::string& application() const { return application_; }

    void keep_snapshot() override;

    // For what is PostgreSQL's own, outside a transaction.
    void run_script(const std::string& sql);

private:
    class cursor;

    [[nodiscard]] postgres_connection& connection();
    // Runs `work`, again after a lost connection where that is safe; other errors are failures.
    template <class Work>
    void repeatedly(Work&& work);
    void keep_open_rows();
    [[nodiscard]] bool reconnect(std::chrono::steady_clock::time_point deadline);
    [[nodiscard]] bool can_be_repeated() const;
    [[nodiscard]] std::span<const postgres_statement> unsent() const;
    void forget_changes();
    void append(const char* sql, std::span<const sql_value> values = {});
    [[nodiscard]] bool has_been_committed();
    void append_end();

    sql_cursor& run_query(const char* sql, std::span<const sql_value> values) override;
    void run_query_each(const char* sql, std::span<const sql_value> values,
                        const std::function<void(std::size_t, sql_rows&)>& visit) override;
    void run_change(const char* sql, std::span<const sql_value> values) override;
    void run_begin() override;
    void run_commit() override;
    void run_commit_later() override;
    bool run_is_settled() override;
    void run_settle() override;
    void run_rollback() noexcept override;

    postgres_place place_;
    purpose purpose_;
    std::chrono::milliseconds patience_;
    std::string application_;
    std::unique_ptr<postgres_connection> connection_;
    std::unordered_map<const char*, std::unique_ptr<cursor>> cursors_;  // by the literal's address
    cursor* streaming_ = nullptr;                                       // whose rows the connection has still to give
    std::vector<postgres_statement> transaction_;                       // from BEGIN on
    std::size_t sent_ = 0;                                              // of these
    std::map<std::string_view, std::size_t> last_of_table_;             // which of these
    std::vector<postgres_statement> under_way_;                         // a transaction, to its COMMIT
    bool is_settling_ = false;
    bool is_on_its_way_ = false;  // over the connection that there is
    std::chrono::steady_clock::time_point sent_off_at_{};
    std::string lost_because_;  // if it is not
    bool has_snapshot_ = false;
    std::optional<std::int64_t> fence_;
    std::int64_t lease_ = 0;    // its number
    std::int64_t commits_ = 0;  // under the fence
};

}  // namespace baseload
