#include "store.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"

#include <SQLiteCpp/VariadicBind.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <sqlite3.h>

namespace baseload::sandbox {
namespace {

namespace json = boost::json;

// AUTOINCREMENT: an id of a deleted client is never given again, so that ids of new clients rise (inferred of the
// service).
constexpr const char* schema = R"sql(
CREATE TABLE IF NOT EXISTS client (id INTEGER PRIMARY KEY AUTOINCREMENT, fields TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS request (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, method TEXT NOT NULL,
    result TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS request_at ON request (at);
CREATE TABLE IF NOT EXISTS block (one INTEGER PRIMARY KEY CHECK (one = 1), until INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS status_group (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS status (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, group_id INTEGER NOT NULL,
    is_primary INTEGER NOT NULL) STRICT;
)sql";

// For filters: SQLite's own lower() knows the letters of ASCII alone.
void fold(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(arguments[0]));
    if (text == nullptr) {
        sqlite3_result_null(context);
        return;
    }
    const std::string folded = case_folded({text, static_cast<std::size_t>(sqlite3_value_bytes(arguments[0]))});
    sqlite3_result_text(context, folded.data(), static_cast<int>(folded.size()), SQLITE_TRANSIENT);
}

SQLite::Database open(const std::filesystem::path& file) {
    const std::string name = file.empty() ? ":memory:" : file.string();
    try {
        SQLite::Database database(name, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 5000);
        // What a crash of the machine takes from a stand-in is no loss.
        database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;");
        database.exec(schema);
        database.createFunction("fold", 1, true, nullptr, fold);
        return database;
    } catch (const SQLite::Exception& error) {
        throw command_error(exit_code::usage,
                            fmt::format("the sandbox's state {} cannot be used ({}); name another file with "
                                        "--state",
                                        name, error.what()));
    }
}

json::object parse_fields(const std::string& text) {
    return json::parse(text).as_object();
}

rate_window::time time_of(std::int64_t milliseconds) {
    return rate_window::time(std::chrono::milliseconds(milliseconds));
}

}  // namespace

store::store(const std::filesystem::path& file, const std::vector<named>& statuses) : database_(open(file)) {
    SQLite::Statement insert(database_, "INSERT OR IGNORE INTO status VALUES (?, ?, 0, ?)");
    for (const named& status : statuses) {
        SQLite::bind(insert, status.id, status.name, status.id == statuses.front().id ? 1 : 0);
        insert.exec();
        insert.reset();
    }
}

std::int64_t store::insert_client(const json::object& fields) {
    SQLite::Statement insert(database_, "INSERT INTO client (fields) VALUES (?)");
    SQLite::bind(insert, json::serialize(fields));
    insert.exec();
    return database_.getLastInsertRowid();
}

void store::replace_client(std::int64_t id, const json::object& fields) {
    SQLite::Statement update(database_, "UPDATE client SET fields = ? WHERE id = ?");
    SQLite::bind(update, json::serialize(fields), id);
    update.exec();
}

std::optional<json::object> store::find_client(std::int64_t id) {
    SQLite::Statement find(database_, "SELECT fields FROM client WHERE id = ?");
    SQLite::bind(find, id);
    if (!find.executeStep()) {
        return std::nullopt;
    }
    return parse_fields(find.getColumn(0).getString());
}

bool store::delete_client(std::int64_t id) {
    SQLite::Statement remove(database_, "DELETE FROM client WHERE id = ?");
    SQLite::bind(remove, id);
    return remove.exec() > 0;
}

void store::each_client(const client_filter& filter, const client_page& page,
                        const std::function<void(std::int64_t, const json::object&)>& visit) {
    std::string sql = "SELECT id, fields FROM client WHERE TRUE";
    sql += filter.id ? " AND id = :id" : "";
    sql += filter.status_id ? " AND json_extract(fields, '$.status_id') = :status" : "";
    for (std::size_t i = 0; i < filter.parts.size(); ++i) {
        // Field names come from the table of partial filters in methods.cpp, and never from the request; values are
        // bound.
        sql +=
            fmt::format(" AND instr(fold(json_extract(fields, '$.{}')), fold(:part{})) > 0", filter.parts[i].first, i);
    }
    // By the id, so that pages do not overlap while nothing is changed between them.
    SQLite::Statement list(database_, sql + " ORDER BY id " + (page.newest_first ? "DESC" : "ASC") +
                                          " LIMIT :count OFFSET :first");
    list.bind(":count", page.count);
    list.bind(":first", page.first);
    if (filter.id) {
        list.bind(":id", *filter.id);
    }
    if (filter.status_id) {
        list.bind(":status", *filter.status_id);
    }
    for (std::size_t i = 0; i < filter.parts.size(); ++i) {
        list.bind(fmt::format(":part{}", i), filter.parts[i].second);
    }
    while (list.executeStep()) {
        visit(list.getColumn(0).getInt64(), parse_fields(list.getColumn(1).getString()));
    }
}

std::vector<client_status> store::statuses() {
    std::vector<client_status> all;
    SQLite::Statement list(database_, "SELECT id, name, group_id, is_primary FROM status ORDER BY id");
    while (list.executeStep()) {
        all.push_back({.id = list.getColumn(0).getInt64(),
                       .name = list.getColumn(1).getString(),
                       .group_id = list.getColumn(2).getInt64(),
                       .is_primary = list.getColumn(3).getInt() != 0});
    }
    return all;
}

std::int64_t store::insert_status(const client_status& status) {
    SQLite::Statement insert(database_, "INSERT INTO status (name, group_id, is_primary) VALUES (?, ?, ?)");
    SQLite::bind(insert, status.name, status.group_id, status.is_primary ? 1 : 0);
    insert.exec();
    return database_.getLastInsertRowid();
}

void store::delete_status(std::int64_t id, std::int64_t target) {
    SQLite::Statement move(database_, "UPDATE client SET fields = json_set(fields, '$.status_id', ?) WHERE "
                                      "json_extract(fields, '$.status_id') = ?");
    SQLite::bind(move, target, id);
    move.exec();
    SQLite::Statement remove(database_, "DELETE FROM status WHERE id = ?");
    SQLite::bind(remove, id);
    remove.exec();
}

std::vector<std::pair<std::int64_t, std::string>> store::status_groups() {
    std::vector<std::pair<std::int64_t, std::string>> all;
    SQLite::Statement list(database_, "SELECT id, name FROM status_group ORDER BY id");
    while (list.executeStep()) {
        all.emplace_back(list.getColumn(0).getInt64(), list.getColumn(1).getString());
    }
    return all;
}

std::int64_t store::insert_status_group(const std::string& name) {
    SQLite::Statement insert(database_, "INSERT INTO status_group (name) VALUES (?)");
    SQLite::bind(insert, name);
    insert.exec();
    return database_.getLastInsertRowid();
}

bool store::delete_status_group(std::int64_t id) {
    SQLite::Statement ungroup(database_, "UPDATE status SET group_id = 0 WHERE group_id = ?");
    SQLite::bind(ungroup, id);
    ungroup.exec();
    SQLite::Statement remove(database_, "DELETE FROM status_group WHERE id = ?");
    SQLite::bind(remove, id);
    return remove.exec() > 0;
}

std::int64_t store::log_request(rate_window::time arrived, const std::string& method, const std::string& result) {
    SQLite::Statement insert(database_, "INSERT INTO request (at, method, result) VALUES (?, ?, ?)");
    SQLite::bind(insert, std::int64_t{arrived.time_since_epoch().count()}, method, result);
    insert.exec();
    return database_.getLastInsertRowid();
}

void store::amend_request(std::int64_t number, const std::string& result) {
    SQLite::Statement update(database_, "UPDATE request SET result = ? WHERE id = ?");
    SQLite::bind(update, result, number);
    update.exec();
}

void store::save_block(rate_window::time until) {
    // One row: a later block takes the place of the one before.
    SQLite::Statement set(database_, "INSERT OR REPLACE INTO block (one, until) VALUES (1, ?)");
    SQLite::bind(set, std::int64_t{until.time_since_epoch().count()});
    set.exec();
}

void store::restore(rate_window& window, rate_window::time now) {
    // Older arrivals do not count any more (rate_window.cpp).
    const rate_window::time minute_ago = now - std::chrono::minutes(1);
    // All that arrived, the blocked ones too, as rate_window::arrive() counts them.
    SQLite::Statement recent(database_, "SELECT at FROM request WHERE at > ? ORDER BY at");
    SQLite::bind(recent, std::int64_t{minute_ago.time_since_epoch().count()});
    while (recent.executeStep()) {
        window.restore(time_of(recent.getColumn(0).getInt64()));
    }
    SQLite::Statement block(database_, "SELECT until FROM block");
    if (block.executeStep()) {
        window.restore_block(time_of(block.getColumn(0).getInt64()));
    }
}

}  // namespace baseload::sandbox
