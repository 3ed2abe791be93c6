#include "journal_tables.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/database/postgres_session.hpp"
#include "baseload/database/sqlite_session.hpp"
#include "baseload/journal/journal.hpp"
#include "journal_failure.hpp"
#include "journal_file.hpp"
#include "postgres_tables.hpp"
#include "schema.hpp"

#include <fmt/format.h>

#include <sstream>
#include <utility>

namespace baseload {
namespace {

using column = journal_table::column;

// "id:i" is a whole number, "key:t" a text, "rows:b" bytes. Rows are put in order by their first column, unless the
// table has `order`; the first is left out of the copy where the engine numbers the rows itself.
journal_table table(const std::string& name, const std::string& columns, const std::string& order = "1") {
    journal_table made{.name = name, .columns = {}, .select = {}, .insert = {}, .clear = "DELETE FROM " + name};
    std::string names;
    std::string marks;
    std::istringstream words(columns);
    for (std::string word; words >> word;) {
        const std::size_t colon = word.find(':');
        const char type = word[colon + 1];
        made.columns.push_back({.name = word.substr(0, colon),
                                .type = type == 'i'   ? column::integer
                                        : type == 't' ? column::text
                                                      : column::bytes});
        names += (names.empty() ? "" : ", ") + made.columns.back().name;
        marks += marks.empty() ? "?" : ", ?";
    }
    made.select = fmt::format("SELECT {} FROM {} ORDER BY {}", names, name, order);
    made.insert = fmt::format("INSERT INTO {} ({}) VALUES ({})", name, names, marks);
    return made;
}

// Who only looks stops nothing.
exit_code code_once_open(open_tables::purpose why) {
    return why == open_tables::purpose::to_read ? exit_code::usage : exit_code::stopped;
}

constexpr auto patience = std::chrono::seconds(60);
// A usual timeout and a settling time, twice.
constexpr std::chrono::milliseconds until_requests_are_over = std::chrono::minutes(2);

}  // namespace

const std::vector<journal_table>& journal_tables() {
    static const std::vector<journal_table> all = {
        table("run",
              "id:i source:t pid:i started_at:i finished_at:i exit_code:i records:i created:i updated:i "
              "unchanged:i rejected:i in_doubt:i not_reached:i requests:i partial:i stopped_because:t undone_at:i "
              "skipped:i missing_refused:i missing_action:t missing:i missing_done:i more:t details:t"),
        table("client", "crm_client_id:i key:t sent:b created_run:i changed_run:i changed_at:i deleted_at:i"),
        table("key_pack", "place:i count:i rows:b"),
        table("key_log", "rows:b", "number"),
        table("intent", "number:i key:t run:i line:i at:i parameters:t newest_id:i ahead:i"),
        table("unsettled", "number:i key:t run:i fields:b"),
        table("refusal", "key_hash:b key:t record:i run:i at:i code:t message:t"),
        table("absent", "key_hash:b run:i"),
        table("backup", "run:i key_hash:b crm_client_id:i fields:t", "run, key_hash"),
        table("kept", "name:t text:t"),
        table("status_before", "key_hash:b status:i"),
        table("account", "url:t name:t key_columns:t"),
    };
    return all;
}

const journal_table& self_table() {
    static const journal_table self = [] {
        journal_table made = table("self", "id:t sessions:i lost_log:i linked:i token_salt:t token_hash:t newest_id:i "
                                           "ids_rise:i state_id:t sending_until:i");
        made.insert = "UPDATE self SET ";
        for (std::size_t i = 0; i < made.columns.size(); ++i) {
            made.insert += (i == 0 ? "" : ", ") + made.columns[i].name + " = ?";
        }
        return made;
    }();
    return self;
}

sql_value value_in(sql_rows& rows, const journal_table& table, std::size_t column) {
    const int at = static_cast<int>(column);
    if (rows.is_null(at)) {
        return std::monostate{};
    }
    switch (table.columns[column].type) {
    case column::integer: return rows.integer(at);
    case column::text: return rows.bytes(at);
    default: return sql_bytes{rows.bytes(at)};
    }
}

open_tables::open_tables(const journal_locator& where, purpose why) {
    if (why != purpose::to_create && !journal_exists(where)) {
        throw command_error(exit_code::usage,
                            fmt::format("there is no journal {} yet; the first run makes it", where.text()));
    }
    if (where.is_file()) {
        open_file(where, why);
    } else {
        open_database(where, why);
    }
}

void open_tables::open_file(const journal_locator& where, purpose why) {
    const auto handler = [code = code_once_open(why)](const auto& failure) { throw_file_failure(failure, code); };
    try {
        if (why == purpose::to_read) {
            auto opened = std::make_unique<sqlite_session>(journal_file_to_read(where.file),
                                                           SQLite::OPEN_READONLY | SQLite::OPEN_URI, handler);
            check_schema(opened->database());
            refuse_outdated(opened->database());
            opened->keep_snapshot();
            session_ = std::move(opened);
            return;
        }
        const std::filesystem::path file = journal_file_to_write(where.file);
        lock_ = std::make_unique<journal_lock>(file);
        is_whole_ = std::filesystem::exists(file.string() + "-wal");
        auto opened = std::make_unique<sqlite_session>(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, handler);
        begin_prepared(*opened);
        opened->commit();
        session_ = std::move(opened);
    } catch (const SQLite::Exception& error) {
        throw_file_failure(
            {.what = sqlite_session::failure_kind(error), .place = where.file.string(), .reason = error.what()},
            exit_code::usage);
    }
}

void open_tables::mark_as_closed() {
    if (is_whole_) {
        session_->change("UPDATE self SET sessions = sessions + 1 WHERE sessions % 2 = 1");
        session_->commit();
    }
}

void open_tables::open_database(const journal_locator& where, purpose why) {
    const postgres_place place = place_of(where);
    const auto handler = [code = code_once_open(why)](const auto& failure) { throw_server_failure(failure, code); };
    const auto connect_for =
        why == purpose::to_read ? postgres_connection::purpose::to_read : postgres_connection::purpose::to_write;
    try {
        {
            postgres_connection connection(place, "baseload", connect_for, patience);
            if (why == purpose::to_create) {
                prepare_postgres_journal(connection, place);
            } else if (why == purpose::to_hold) {
                update_postgres_journal(connection, place);
            } else {
                check_postgres_journal(connection, place);
            }
        }
        auto opened = std::make_unique<postgres_session>(place, connect_for, patience, handler);
        if (why == purpose::to_read) {
            opened->keep_snapshot();
        } else {
            lease_ = std::make_unique<postgres_lease>(place, usual_lease, opened->application());
            // Of what is copied away: nobody would wait for them there.
            const auto left = until_requests_are_over - lease_->since_take_over().value_or(until_requests_are_over);
            if (why == purpose::to_hold && left.count() > 0) {
                throw command_error(exit_code::journal_busy,
                                    fmt::format("the run before on the journal {} was not heard of any more, and may "
                                                "have requests under way; try again in {}",
                                                place.text, show_duration(left)));
            }
            opened->hold_by(lease_->fence(), lease_->part().number);
        }
        session_ = std::move(opened);
    } catch (const postgres_error& error) {
        throw_server_failure({.what = error.kind(), .place = place.text, .reason = error.what()}, exit_code::usage);
    }
}

}  // namespace baseload
