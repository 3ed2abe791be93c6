#pragma once

#include "baseload/database/postgres_place.hpp"
#include "baseload/database/sql_session.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// libpq's own types, so that its header stays with this class.
struct pg_conn;
struct pg_result;

namespace baseload {

// With which our own functions in the database say that the lease is another's (journal/postgres_lease.hpp).
inline constexpr const char* taken_sql_state = "BL001";
// And that what was committed under the lease is not there any more.
inline constexpr const char* set_back_sql_state = "BL002";

// What PostgreSQL or libpq say is wrong.
class postgres_error : public std::runtime_error {
public:
    postgres_error(database_failure::kind what, const std::string& message, std::string sql_state = {})
        : std::runtime_error(message), what_(what), sql_state_(std::move(sql_state)) {}
    [[nodiscard]] database_failure::kind kind() const { return what_; }
    [[nodiscard]] bool is_connection_lost() const { return is_away(what_); }
    // Blank for an error of libpq's: https://www.postgresql.org/docs/15/errcodes-appendix.html
    [[nodiscard]] const std::string& sql_state() const { return sql_state_; }

private:
    database_failure::kind what_;
    std::string sql_state_;
};

struct postgres_result_deleter {
    void operator()(pg_result* result) const;
};
using postgres_result = std::unique_ptr<pg_result, postgres_result_deleter>;

// A parameter that outlives the call it was given to.
class postgres_value {
public:
    explicit postgres_value(const sql_value& value);

    [[nodiscard]] const char* bytes() const { return is_null_ ? nullptr : bytes_.data(); }
    [[nodiscard]] int length() const { return static_cast<int>(bytes_.size()); }
    [[nodiscard]] int format() const { return is_binary_ ? 1 : 0; }

private:
    std::string bytes_;
    bool is_null_ = false;
    bool is_binary_ = false;
};

// A statement and its values. The text is a literal with `?` for each value of a row, and is carried out for all rows.
struct postgres_statement {
    const char* sql = nullptr;
    std::vector<postgres_value> values;
    std::size_t rows = 1;
};

// One connection, by libpq in its pipeline mode: statements are sent together and answered in their order, one round
// trip for all of them. libpqxx, which wraps libpq, has neither pipelines nor deadlines. Every wait for the network has
// a deadline. Throws postgres_error; afterwards the connection is used no more where it was lost. Not thread-safe.
class postgres_connection {
public:
    enum class purpose { to_read, to_write };

    // `patience`: how long each wait may last, for the connection or for an answer. `application`: by which the
    // server's administrator sees who it is.
    postgres_connection(const postgres_place& place, const std::string& application, purpose why,
                        std::chrono::milliseconds patience);
    ~postgres_connection();
    postgres_connection(const postgres_connection&) = delete;
    postgres_connection& operator=(const postgres_connection&) = delete;

    // Some statements in one message, without values and without rows: the making of tables.
    void run_script(const std::string& sql);

    // Sends the statements; the first that fails throws, and those behind it are not carried out. Their rows are
    // dropped.
    void run(std::span<const postgres_statement> statements);
    // The same in two steps, for who has something else to do meanwhile. Nothing else runs before the second.
    void send_off(std::span<const postgres_statement> statements);
    void await_answers();
    [[nodiscard]] bool has_answered();  // await_answers() would hardly wait
    // The same, whose last statement's rows are fetched by next_row() as they are asked for, one by one. Nothing else
    // runs meanwhile.
    void start(std::span<const postgres_statement> statements);
    // Sends all, and gives the first row of each of the last `rows`, null where it has none.
    [[nodiscard]] std::vector<postgres_result> first_rows(std::span<const postgres_statement> statements,
                                                          std::size_t rows);
    [[nodiscard]] postgres_result next_row();  // null after the last
    [[nodiscard]] bool is_streaming() const { return is_streaming_; }

    // One statement, its first row's first column as a number; 0 without a row.
    [[nodiscard]] std::int64_t number(const char* sql, std::initializer_list<sql_value> values = {});

    [[nodiscard]] int server_process() const;                     // the number of the server's process behind it
    [[nodiscard]] std::string parameter(const char* name) const;  // as libpq's PQparameterStatus

private:
    struct finish {
        void operator()(pg_conn* connection) const;
    };

    struct expected_answer {
        bool is_preparation = false;
        const char* sql = nullptr;
        std::size_t rows = 1;
    };

    // `session`: libpq's target_session_attrs, where the URL says nothing of it; `forced_session`: whatever it says.
    void connect(const std::string& url, const std::string& application, const char* session,
                 const char* forced_session = nullptr);
    [[nodiscard]] bool can_only_be_read(const std::string& url, const std::string& application);
    void set_up(const std::string& schema, purpose why);
    void wait(bool for_reading, bool for_writing);
    void send(const postgres_statement& statement);
    void send_rows(const char* sql, std::size_t rows, std::span<const postgres_value> values);
    void flush();
    [[nodiscard]] postgres_result next_result();
    void send_all(std::span<const postgres_statement> statements);
    void refuse(const postgres_result& error);
    [[nodiscard]] postgres_result read_answers(std::size_t but_the_last, std::vector<postgres_result>* rows = nullptr);
    void finish_pipeline();
    [[noreturn]] static void throw_lost(const std::string& why);
    [[noreturn]] static void throw_error(const pg_result& result);

    std::unique_ptr<pg_conn, finish> connection_;
    std::chrono::milliseconds patience_;
    std::map<std::pair<const char*, std::size_t>, std::string> prepared_;  // names, by the literal's address and rows
    std::deque<expected_answer> expected_;                                 // in the pipeline
    std::size_t last_name_ = 0;
    bool is_streaming_ = false;
};

// What puts it right where a server cannot be used; a blank text for what is not the server's affair.
[[nodiscard]] std::string remedy_on_server(database_failure::kind what);

// A number in a result's row, whatever its width; 0 for NULL.
[[nodiscard]] std::int64_t integer_in(const pg_result& row, int column);
[[nodiscard]] double real_in(const pg_result& row, int column);
[[nodiscard]] std::string_view bytes_in(const pg_result& row, int column);
[[nodiscard]] bool is_null_in(const pg_result& row, int column);

}  // namespace baseload
