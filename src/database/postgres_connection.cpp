#include "baseload/database/postgres_connection.hpp"

#include "baseload/database/postgres_place.hpp"
#include "change_shape.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace baseload {
namespace {

// pg_terminate_backend() with a timeout came with 14.
constexpr int oldest_server = 140000;

// Of one statement: few sizes, since each is prepared by itself.
constexpr std::array<std::size_t, 4> rows_at_once = {64, 16, 4, 1};

// libpq's messages have some lines, of which some are the same: it tries again without TLS, and at other addresses.
std::string one_line(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (!line.empty() && std::find(lines.begin(), lines.end(), line) == lines.end()) {
            lines.push_back(line);
        }
    }
    return fmt::format("{}", fmt::join(lines, "; "));
}

// The classes and codes of https://www.postgresql.org/docs/15/errcodes-appendix.html.
database_failure::kind kind_of(std::string_view sql_state) {
    using kind = database_failure::kind;
    if (sql_state == "57P01" || sql_state == "57P02" || sql_state == "57P03" || sql_state.starts_with("08") ||
        sql_state == "57P05" || sql_state == "25P03" || sql_state == "55P03") {
        return kind::unreachable;
    }
    if (sql_state == "53300") {
        return kind::crowded;
    }
    if (sql_state == "53100" || sql_state == "58030") {
        return kind::no_room;
    }
    if (sql_state == "25006") {
        return kind::read_only;
    }
    if (sql_state == "42501") {
        return kind::no_rights;
    }
    if (sql_state.starts_with("28")) {
        return kind::refused;
    }
    if (sql_state.starts_with("XX")) {
        return kind::damaged;
    }
    if (sql_state == taken_sql_state) {
        return kind::taken;
    }
    return sql_state == set_back_sql_state ? kind::set_back : kind::other;
}

// libpq tells no SQL state of a connection that does not come about. The server's words are known by their English form
// alone: https://www.postgresql.org/docs/15/runtime-config-connection.html#GUC-MAX-CONNECTIONS
bool is_about_too_many(std::string_view message) {
    constexpr std::array<std::string_view, 3> words = {"too many connections for", "too many clients already",
                                                       "connection slots are reserved"};
    return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return message.find(w) != message.npos; });
}

}  // namespace

void postgres_result_deleter::operator()(pg_result* result) const {
    ::PQclear(result);
}

void postgres_connection::finish::operator()(pg_conn* connection) const {
    ::PQfinish(connection);
}

postgres_connection::postgres_connection(const postgres_place& place, const std::string& application, purpose why,
                                         std::chrono::milliseconds patience)
    : patience_(patience) {
    try {
        connect(place.url, application, why == purpose::to_write ? "read-write" : "any");
    } catch (const postgres_error&) {
        // Is there a server that cannot be written to?
        if (why == purpose::to_read || !can_only_be_read(place.url, application)) {
            throw;
        }
        throw postgres_error(database_failure::kind::read_only, "the server takes no writes");
    }
    set_up(place.schema, why);
}

// What a database's or a user's own settings may have otherwise. A schema's name has no quote in it.
void postgres_connection::set_up(const std::string& schema, purpose why) {
    std::string settings =
        fmt::format("SET search_path TO \"{}\"; SET default_transaction_isolation = 'read committed'; "
                    // Statements of 64 rows have hundreds of values, and none that a plan should depend on.
                    "SET plan_cache_mode = force_generic_plan;",
                    schema);
    if (why == purpose::to_read) {
        // A snapshot lasts as long as its reader does.
        settings += "SET idle_in_transaction_session_timeout = 0;";
    } else {
        // Within the minute the server ends what a stopped program left open; and it ends a wait before it is given up
        // here, or another wait would begin beside it.
        settings += fmt::format("SET idle_in_transaction_session_timeout = '60s'; SET lock_timeout = '{}ms';",
                                patience_.count() * 3 / 4);
        // What is committed is on the disk, or who goes on would not know of it.
        settings += "SELECT set_config('synchronous_commit', 'on', false) "
                    "WHERE current_setting('synchronous_commit') IN ('off', 'local')";
    }
    run_script(settings);
}

postgres_connection::~postgres_connection() = default;

bool postgres_connection::can_only_be_read(const std::string& url, const std::string& application) {
    try {
        // Whatever the URL asks for.
        connect(url, application, nullptr, "any");
        return parameter("in_hot_standby") == "on" || parameter("default_transaction_read_only") == "on";
    } catch (const postgres_error&) {
        return false;
    }
}

void postgres_connection::connect(const std::string& url, const std::string& application, const char* session,
                                  const char* forced_session) {
    const std::string silence = std::to_string(patience_.count());
    const std::string connect_timeout = std::to_string(std::max<std::int64_t>(2, patience_.count() / 2000));
    // A keyword that comes again replaces the one before, so the URL has its way with those that stand before it.
    // One without a value is passed over.
    const std::array<const char*, 9> keywords = {"tcp_user_timeout",     "keepalives_idle", "connect_timeout",
                                                 "target_session_attrs", "dbname",          "target_session_attrs",
                                                 "application_name",     "client_encoding", nullptr};
    const std::array<const char*, 9> values = {silence.c_str(), "10",           connect_timeout.c_str(), session,
                                               url.c_str(),     forced_session, application.c_str(),     "UTF8",
                                               nullptr};
    // It blocks, for connect_timeout at each of the hosts: libpq's other way to connect has no deadline for a host.
    connection_.reset(::PQconnectdbParams(keywords.data(), values.data(), 1));
    if (!connection_) {
        throw std::bad_alloc();
    }
    if (::PQstatus(connection_.get()) != CONNECTION_OK) {
        using kind = database_failure::kind;
        const std::string message = one_line(::PQerrorMessage(connection_.get()));
        const bool is_about_password =
            ::PQconnectionNeedsPassword(connection_.get()) != 0 || ::PQconnectionUsedPassword(connection_.get()) != 0;
        throw postgres_error(is_about_too_many(message) ? kind::crowded
                             : is_about_password        ? kind::refused
                                                        : kind::unreachable,
                             message);
    }
    if (::PQserverVersion(connection_.get()) < oldest_server) {
        throw postgres_error(
            database_failure::kind::other,
            fmt::format("the server is PostgreSQL {}, and 14 or a later one is needed", parameter("server_version")));
    }
    if (const std::string encoding = parameter("server_encoding"); encoding != "UTF8") {
        throw postgres_error(database_failure::kind::other,
                             fmt::format("the database has the encoding {}, and customers' names need UTF8; make one "
                                         "with createdb --encoding=UTF8 --template=template0",
                                         encoding));
    }
    // libpq would print the server's notices; what matters among them comes as an error too.
    ::PQsetNoticeReceiver(
        connection_.get(), [](void*, const PGresult*) {}, nullptr);
    ::PQsetnonblocking(connection_.get(), 1);
    if (::PQenterPipelineMode(connection_.get()) != 1) {
        throw_lost(::PQerrorMessage(connection_.get()));
    }
}

void postgres_connection::throw_lost(const std::string& why) {
    throw postgres_error(database_failure::kind::unreachable, one_line(why));
}

void postgres_connection::throw_error(const pg_result& result) {
    const auto field = [&](int code) {
        const char* text = ::PQresultErrorField(&result, code);
        return std::string(text == nullptr ? "" : text);
    };
    const std::string state = field(PG_DIAG_SQLSTATE);
    std::string message = field(PG_DIAG_MESSAGE_PRIMARY);
    if (message.empty()) {
        message = one_line(::PQresultErrorMessage(&result));
    }
    throw postgres_error(state.empty() ? database_failure::kind::unreachable : kind_of(state), message, state);
}

void postgres_connection::wait(bool for_reading, bool for_writing) {
    pollfd socket{.fd = ::PQsocket(connection_.get()), .events = 0, .revents = 0};
    socket.events = static_cast<short>((for_reading ? POLLIN : 0) | (for_writing ? POLLOUT : 0));
    // Each time anew: what goes on arriving may take as long as it takes.
    const int ready = ::poll(&socket, 1, static_cast<int>(patience_.count()));
    if (ready == 0) {
        throw_lost(fmt::format("it has not answered for {} seconds", patience_.count() / 1000));
    }
    if (ready < 0 && errno != EINTR) {
        throw_lost(std::strerror(errno));
    }
}

// In the pipeline: nothing is waited for.
void postgres_connection::send(const postgres_statement& statement) {
    const std::size_t values_a_row = statement.values.size() / statement.rows;
    std::span<const postgres_value> left = statement.values;
    std::size_t rows = statement.rows;
    for (const std::size_t at_once : rows_at_once) {
        for (; rows >= at_once; rows -= at_once) {
            send_rows(statement.sql, at_once, left.first(at_once * values_a_row));
            left = left.subspan(at_once * values_a_row);
        }
    }
}

void postgres_connection::send_rows(const char* sql, std::size_t rows, std::span<const postgres_value> values) {
    auto prepared = prepared_.find({sql, rows});
    if (prepared == prepared_.end()) {
        prepared = prepared_.emplace(std::pair(sql, rows), "s" + std::to_string(++last_name_)).first;
        if (::PQsendPrepare(connection_.get(), prepared->second.c_str(), numbered(sql, rows).c_str(), 0, nullptr) !=
            1) {
            throw_lost(::PQerrorMessage(connection_.get()));
        }
        expected_.push_back({.is_preparation = true, .sql = sql, .rows = rows});
    }
    std::vector<const char*> texts;
    std::vector<int> lengths;
    std::vector<int> formats;
    for (const postgres_value& value : values) {
        texts.push_back(value.bytes());
        lengths.push_back(value.length());
        formats.push_back(value.format());
    }
    if (::PQsendQueryPrepared(connection_.get(), prepared->second.c_str(), static_cast<int>(values.size()),
                              texts.data(), lengths.data(), formats.data(), 1) != 1) {
        throw_lost(::PQerrorMessage(connection_.get()));
    }
    expected_.push_back({.is_preparation = false, .sql = sql, .rows = rows});
}

// Reads too, or both sides might wait for the other to read.
void postgres_connection::flush() {
    for (;;) {
        const int left = ::PQflush(connection_.get());
        if (left < 0) {
            throw_lost(::PQerrorMessage(connection_.get()));
        }
        if (left == 0) {
            return;
        }
        wait(true, true);
        if (::PQconsumeInput(connection_.get()) != 1) {
            throw_lost(::PQerrorMessage(connection_.get()));
        }
    }
}

postgres_result postgres_connection::next_result() {
    while (::PQisBusy(connection_.get()) != 0) {
        wait(true, false);
        if (::PQconsumeInput(connection_.get()) != 1) {
            throw_lost(::PQerrorMessage(connection_.get()));
        }
    }
    return postgres_result(::PQgetResult(connection_.get()));
}

// The answers to all but the last statement; the first error among them. `rows` gets what each statement gave.
postgres_result postgres_connection::read_answers(std::size_t but_the_last, std::vector<postgres_result>* rows) {
    postgres_result error;
    while (expected_.size() > but_the_last) {
        const expected_answer answer = expected_.front();
        expected_.pop_front();
        bool is_good = true;
        while (postgres_result result = next_result()) {
            const ExecStatusType status = ::PQresultStatus(result.get());
            is_good = is_good && (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
            if (status == PGRES_FATAL_ERROR && !error) {
                error = std::move(result);
            } else if (rows != nullptr && !answer.is_preparation) {
                rows->push_back(std::move(result));
            }
        }
        if (answer.is_preparation && !is_good) {
            prepared_.erase({answer.sql, answer.rows});
        }
    }
    return error;
}

// Reads to the end of the pipeline first.
void postgres_connection::refuse(const postgres_result& error) {
    static_cast<void>(read_answers(0));
    // Where the connection went with the error there is no end to wait for.
    if (::PQstatus(connection_.get()) == CONNECTION_OK) {
        finish_pipeline();
    }
    throw_error(*error);
}

// The last answer of a pipeline, and the end of it.
void postgres_connection::finish_pipeline() {
    is_streaming_ = false;
    const postgres_result end = next_result();
    if (!end || ::PQresultStatus(end.get()) != PGRES_PIPELINE_SYNC) {
        const std::string why = ::PQerrorMessage(connection_.get());
        throw_lost(why.empty() ? "its answers are out of step" : why);
    }
}

void postgres_connection::send_all(std::span<const postgres_statement> statements) {
    for (const postgres_statement& statement : statements) {
        send(statement);
    }
    if (::PQpipelineSync(connection_.get()) != 1) {
        throw_lost(::PQerrorMessage(connection_.get()));
    }
    flush();
}

std::vector<postgres_result> postgres_connection::first_rows(std::span<const postgres_statement> statements,
                                                             std::size_t rows) {
    send_all(statements);
    std::vector<postgres_result> all;
    if (const postgres_result error = read_answers(0, &all)) {
        refuse(error);
    }
    finish_pipeline();
    all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(rows));
    for (postgres_result& result : all) {
        if (::PQntuples(result.get()) == 0) {
            result.reset();
        }
    }
    return all;
}

void postgres_connection::start(std::span<const postgres_statement> statements) {
    send_all(statements);
    if (const postgres_result error = read_answers(1)) {
        refuse(error);
    }
    static_cast<void>(::PQsetSingleRowMode(connection_.get()));
    is_streaming_ = true;
}

postgres_result postgres_connection::next_row() {
    if (!is_streaming_) {
        return nullptr;
    }
    postgres_result result = next_result();
    if (result && ::PQresultStatus(result.get()) == PGRES_SINGLE_TUPLE) {
        return result;
    }
    // Its end, or its error.
    postgres_result error;
    if (result && ::PQresultStatus(result.get()) == PGRES_FATAL_ERROR) {
        error = std::move(result);
    }
    is_streaming_ = false;
    if (postgres_result further = read_answers(0); further && !error) {
        error = std::move(further);
    }
    if (::PQstatus(connection_.get()) == CONNECTION_OK) {
        finish_pipeline();
    }
    if (error) {
        throw_error(*error);
    }
    return nullptr;
}

void postgres_connection::run(std::span<const postgres_statement> statements) {
    send_off(statements);
    await_answers();
}

void postgres_connection::send_off(std::span<const postgres_statement> statements) {
    send_all(statements);
}

// The server sends what it has to say of a pipeline at the end of it, or when there is much of it.
bool postgres_connection::has_answered() {
    if (::PQconsumeInput(connection_.get()) != 1) {
        throw_lost(::PQerrorMessage(connection_.get()));
    }
    return ::PQisBusy(connection_.get()) == 0;
}

void postgres_connection::await_answers() {
    if (const postgres_result error = read_answers(0)) {
        refuse(error);
    }
    finish_pipeline();
}

std::int64_t postgres_connection::number(const char* sql, std::initializer_list<sql_value> values) {
    postgres_statement statement{.sql = sql, .values = {}};
    for (const sql_value& value : values) {
        statement.values.emplace_back(value);
    }
    start({&statement, 1});
    std::optional<std::int64_t> first;
    while (const postgres_result row = next_row()) {
        first = first.value_or(integer_in(*row, 0));
    }
    return first.value_or(0);
}

void postgres_connection::run_script(const std::string& sql) {
    static_cast<void>(::PQexitPipelineMode(connection_.get()));
    if (::PQsendQuery(connection_.get(), sql.c_str()) != 1) {
        throw_lost(::PQerrorMessage(connection_.get()));
    }
    flush();
    postgres_result error;
    while (postgres_result result = next_result()) {
        if (::PQresultStatus(result.get()) == PGRES_FATAL_ERROR && !error) {
            error = std::move(result);
        }
    }
    static_cast<void>(::PQenterPipelineMode(connection_.get()));
    if (error) {
        throw_error(*error);
    }
}

int postgres_connection::server_process() const {
    return ::PQbackendPID(connection_.get());
}

std::string postgres_connection::parameter(const char* name) const {
    const char* value = ::PQparameterStatus(connection_.get(), name);
    return value == nullptr ? "" : value;
}

std::string remedy_on_server(database_failure::kind what) {
    switch (what) {
    case database_failure::kind::unreachable: return "start the server, or put its url in the job right";
    case database_failure::kind::crowded:
        return "let fewer jobs run at once, or raise the limit of connections (max_connections, or that of the user or "
               "database)";
    case database_failure::kind::unfit:
        return "put its url in the job right, or, where its certificate is not trusted, the file that sslrootcert "
               "names";
    case database_failure::kind::refused:
        return "user, password and database must be right; the password belongs into ~/.pgpass, or into the file that "
               "PGPASSFILE names (chmod 600)";
    case database_failure::kind::no_rights:
        return "let the database's administrator run what baseload journal schema prints";
    case database_failure::kind::read_only:
        return "it is a standby: name the primary in the url, or all servers of the cluster (host=a,b); or its user or "
               "database is set to read only (default_transaction_read_only)";
    case database_failure::kind::no_room: return "free some space on the server's disk and run again";
    default: return "";
    }
}

}  // namespace baseload
