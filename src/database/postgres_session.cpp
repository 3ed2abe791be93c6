#include "baseload/database/postgres_session.hpp"

#include "baseload/core/duration.hpp"
#include "baseload/core/termination.hpp"
#include "baseload/database/server_wait.hpp"
#include "change_shape.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <exception>
#include <random>
#include <string_view>
#include <thread>
#include <utility>

namespace baseload {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds between_attempts{250};
constexpr milliseconds patience_afterwards{3000};
// By which the server's processes are told apart, whatever numbers they have had before.
std::string new_application_name() {
    std::random_device random;
    return fmt::format("baseload {:08x}", random());
}

postgres_statement statement(const char* sql, std::span<const sql_value> values = {}) {
    postgres_statement made{.sql = sql, .values = {}};
    made.values.reserve(values.size());
    for (const sql_value& value : values) {
        made.values.emplace_back(value);
    }
    return made;
}

// What was appended behind so many statements goes when this goes.
class tail {
public:
    tail(std::vector<postgres_statement>& all, std::size_t size) : all_(all), size_(size) {}
    ~tail() { all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(size_), all_.end()); }
    tail(const tail&) = delete;
    tail& operator=(const tail&) = delete;

private:
    std::vector<postgres_statement>& all_;
    std::size_t size_;
};

}  // namespace

// The rows of one query, as they come, or kept here where something else is asked meanwhile.
class postgres_session::cursor final : public sql_cursor {
public:
    explicit cursor(postgres_session& session) : session_(session) {}

    void take_first() {
        kept_.clear();
        current_.reset();
        keep_one();
    }

    // One row that was fetched already.
    void show(postgres_result row) { current_ = std::move(row); }

    void keep_rest() {
        while (session_.streaming_ == this) {
            keep_one();
        }
    }

    bool next() override {
        if (kept_.empty() && session_.streaming_ == this) {
            try {
                keep_one();
            } catch (const postgres_error& error) {
                session_.streaming_ = nullptr;
                session_.fail(error.kind(), error.what());
            }
        }
        current_.reset();
        if (!kept_.empty()) {
            current_ = std::move(kept_.front());
            kept_.pop_front();
        }
        return current_ != nullptr;
    }
    bool is_null(int column) override { return is_null_in(*current_, column); }
    std::int64_t integer(int column) override { return integer_in(*current_, column); }
    double real(int column) override { return real_in(*current_, column); }
    std::string_view bytes(int column) override { return bytes_in(*current_, column); }

    void close() override {
        try {
            keep_rest();
        } catch (const postgres_error&) {
            // Nobody wants these rows; whoever asks next is told.
            session_.streaming_ = nullptr;
            session_.connection_.reset();
        }
        kept_.clear();
        current_.reset();
    }

private:
    void keep_one() {
        if (postgres_result row = session_.connection_->next_row()) {
            kept_.push_back(std::move(row));
        } else {
            session_.streaming_ = nullptr;
        }
    }

    postgres_session& session_;
    std::deque<postgres_result> kept_;
    postgres_result current_;
};

postgres_session::postgres_session(postgres_place place, purpose why, milliseconds patience, failure_handler handler)
    : sql_session(place.text, std::move(handler)), place_(std::move(place)), purpose_(why), patience_(patience),
      application_(new_application_name()) {
    try {
        static_cast<void>(connection());
    } catch (const postgres_error& error) {
        fail(error.kind(), error.what());
    }
}

postgres_session::~postgres_session() = default;

postgres_connection& postgres_session::connection() {
    if (!connection_) {
        connection_ = std::make_unique<postgres_connection>(place_, application_, purpose_, patience_);
    }
    return *connection_;
}

void postgres_session::hold_by(std::int64_t fence, std::int64_t number) {
    fence_ = fence;
    lease_ = number;
    commits_ = 0;
}

// A new connection, for the transaction to be repeated. The process that served the lost one may still be at work on
// it: it is ended, so that nothing of it takes effect later, and nothing waits for its locks. False when it is not
// worth trying any longer.
bool postgres_session::reconnect(std::chrono::steady_clock::time_point deadline) {
    connection_.reset();
    sent_ = 0;
    is_on_its_way_ = false;
    while (!is_termination_requested() && std::chrono::steady_clock::now() < deadline) {
        try {
            static_cast<void>(
                connection().number("SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
                                    "WHERE application_name = ? AND pid <> pg_backend_pid() AND usename = session_user",
                                    {to_sql(std::string_view(application_))}));
            return true;
        } catch (const postgres_error& error) {
            connection_.reset();
            if (!may_come_back(error.kind())) {
                return false;
            }
        }
        std::this_thread::sleep_for(between_attempts);
    }
    return false;
}

// The connection gives the rows of one query after the other.
void postgres_session::keep_open_rows() {
    try {
        if (streaming_ != nullptr) {
            streaming_->keep_rest();
        }
    } catch (const postgres_error& error) {
        streaming_ = nullptr;
        connection_.reset();
        fail(error.kind(), error.what());
    }
}

template <class Work>
void postgres_session::repeatedly(Work&& work) {
    keep_open_rows();
    const auto deadline = std::chrono::steady_clock::now() + patience_;
    for (bool is_first = true;; is_first = false) {
        try {
            work();
            return;
        } catch (const postgres_error& error) {
            streaming_ = nullptr;
            if (!error.is_connection_lost()) {
                // The fence is asked for at the end of a transaction, so what another has written meanwhile shows
                // first.
                if (error.kind() == database_failure::kind::other && has_lost_fence()) {
                    fail(database_failure::kind::taken, "another run has taken it over");
                }
                fail(error.kind(), error.what());
            }
            if (is_first && can_be_repeated()) {
                spdlog::warn("{} does not answer ({}); it is tried again for {} seconds", place(), error.what(),
                             std::chrono::duration_cast<std::chrono::seconds>(patience_).count());
            }
            if (!can_be_repeated() || !reconnect(deadline)) {
                connection_.reset();
                // Who asks once more, to end in good order, is not kept waiting as long.
                patience_ = std::min(patience_, patience_afterwards);
                fail(error.kind(), error.what());
            }
        }
    }
}

// Apart from a transaction that has failed.
bool postgres_session::has_lost_fence() const {
    if (!fence_) {
        return false;
    }
    try {
        // A standby may not know it yet.
        postgres_connection apart(place_, application_, purpose::to_write, patience_);
        return apart.number("SELECT count(*) FROM lease WHERE shard = ? AND fence = ?",
                            {to_sql(lease_), to_sql(*fence_)}) == 0;
    } catch (const postgres_error&) {
        return false;  // then what failed is told
    }
}

// Without a fence others may have changed meanwhile what this transaction has read; and a snapshot is gone for good.
bool postgres_session::can_be_repeated() const {
    return !has_snapshot_ && (fence_ || (transaction_.empty() && !is_settling_));
}

std::span<const postgres_statement> postgres_session::unsent() const {
    return std::span(transaction_).subspan(sent_);
}

// Behind what the transaction has so far. Taken out again by who does not send it as a part of the transaction.
void postgres_session::append(const char* sql, std::span<const sql_value> values) {
    transaction_.push_back(statement(sql, values));
}

sql_cursor& postgres_session::run_query(const char* sql, std::span<const sql_value> values) {
    run_settle();
    auto& rows = cursors_[sql];
    if (!rows) {
        rows = std::make_unique<cursor>(*this);
    }
    repeatedly([&] {
        const std::size_t changes = transaction_.size();
        append(sql, values);
        const tail query(transaction_, changes);
        connection().start(unsent());
        sent_ = changes;
        streaming_ = rows.get();
        // Here and not when it is asked for: after a lost connection the query is sent again.
        rows->take_first();
    });
    return *rows;
}

void postgres_session::run_query_each(const char* sql, std::span<const sql_value> values,
                                      const std::function<void(std::size_t, sql_rows&)>& visit) {
    run_settle();
    std::vector<postgres_result> rows;
    repeatedly([&] {
        const std::size_t changes = transaction_.size();
        const tail queries(transaction_, changes);
        for (std::size_t i = 0; i < values.size(); ++i) {
            append(sql, values.subspan(i, 1));
        }
        rows = connection().first_rows(unsent(), values.size());
        sent_ = changes;
    });
    cursor one(*this);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i]) {
            one.show(std::move(rows[i]));
            sql_rows row(one);
            visit(i, row);
        }
    }
}

void postgres_session::forget_changes() {
    transaction_.clear();
    last_of_table_.clear();
    sent_ = 0;
}

void postgres_session::run_begin() {
    forget_changes();
    append("BEGIN");
}

// Tables know nothing of each other: a change moves up to the last one of its table, and joins it where it is the same
// statement. What is of no table alone (a function) stands where it is, and holds the later ones behind it.
void postgres_session::run_change(const char* sql, std::span<const sql_value> values) {
    const change_shape shape = shape_of(sql);
    const auto last = last_of_table_.find(shape.table);
    const bool joins = shape.what != change_shape::kind::other && last != last_of_table_.end() &&
                       last->second >= sent_ && transaction_[last->second].sql == sql;
    if (joins) {
        postgres_statement& together = transaction_[last->second];
        for (const sql_value& value : values) {
            together.values.emplace_back(value);
        }
        ++together.rows;
        return;
    }
    if (shape.table.empty()) {
        last_of_table_.clear();
    } else {
        last_of_table_[shape.table] = transaction_.size();
    }
    append(sql, values);
}

// Whether the transaction that was on its way took effect.
bool postgres_session::has_been_committed() {
    return connection().number("SELECT commits FROM lease WHERE shard = ? AND fence = ?",
                               {to_sql(lease_), to_sql(*fence_)}) > commits_;
}

void postgres_session::append_end() {
    if (fence_) {
        const std::array<sql_value, 3> values{to_sql(lease_), to_sql(*fence_), to_sql(commits_)};
        append("SELECT keep_fence(?, ?, ?)", values);
    }
    append("COMMIT");
}

void postgres_session::run_commit() {
    run_commit_later();
    run_settle();
}

void postgres_session::run_commit_later() {
    run_settle();
    keep_open_rows();
    append_end();
    try {
        connection().send_off(unsent());
        is_on_its_way_ = true;
        sent_off_at_ = std::chrono::steady_clock::now();
    } catch (const postgres_error& error) {
        lost_because_ = error.what();
    }
    under_way_ = std::move(transaction_);
    forget_changes();
}

bool postgres_session::run_is_settled() {
    try {
        if (is_on_its_way_ && !connection().has_answered()) {
            if (std::chrono::steady_clock::now() - sent_off_at_ < patience_) {
                return false;
            }
            is_on_its_way_ = false;
            lost_because_ = fmt::format("it has not answered for {}", show_duration(patience_));
        }
    } catch (const postgres_error& error) {
        is_on_its_way_ = false;
        lost_because_ = error.what();
    }
    run_settle();
    return true;
}

// Waits for the transaction that is under way. One whose connection was lost is sent again, unless it took effect.
void postgres_session::run_settle() {
    if (under_way_.empty()) {
        return;
    }
    // Taken out first: a failure asks for a rollback, which would wait for it once more.
    const std::vector<postgres_statement> transaction = std::exchange(under_way_, {});
    is_settling_ = true;
    try {
        bool is_first = true;
        repeatedly([&] {
            if (!std::exchange(is_first, false)) {
                if (!has_been_committed()) {
                    connection().run(transaction);
                }
            } else if (std::exchange(is_on_its_way_, false)) {
                connection().await_answers();
            } else {
                throw postgres_error(database_failure::kind::unreachable, lost_because_);
            }
        });
    } catch (...) {
        is_settling_ = false;
        lose_commit();
        throw;
    }
    is_settling_ = false;
    ++commits_;
}

void postgres_session::run_rollback() noexcept {
    forget_changes();
    try {
        // It was to take effect, and may have done so; nothing else can be said over the connection before.
        run_settle();
        if (!connection_) {
            return;
        }
        if (streaming_ != nullptr) {
            streaming_->keep_rest();
        }
        const postgres_statement rollback = statement("ROLLBACK");
        connection_->run({&rollback, 1});
    } catch (const std::exception&) {
        streaming_ = nullptr;
        connection_.reset();  // which rolls back too
    }
}

void postgres_session::keep_snapshot() {
    repeatedly([&] { connection().run_script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); });
    has_snapshot_ = true;
}

void postgres_session::run_script(const std::string& sql) {
    repeatedly([&] { connection().run_script(sql); });
}

}  // namespace baseload
