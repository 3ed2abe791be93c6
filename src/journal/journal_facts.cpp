// What a journal says of itself.
#include "baseload/journal/journal.hpp"
#include "baseload/journal/journal_upkeep.hpp"
#include "journal_tables.hpp"
#include "migration.hpp"
#include "postgres_tables.hpp"
#include "sql_values.hpp"

#include <filesystem>
#include <system_error>

namespace baseload {
namespace {

std::int64_t number(sql_session& session, const char* sql) {
    sql_rows s = session.query(sql);
    return s.next() ? s.integer(0) : 0;
}

std::uint64_t bytes_of(sql_session& session, const journal_locator& where) {
    if (!where.is_file()) {
        return static_cast<std::uint64_t>(
            number(session, "SELECT CAST(coalesce(sum(pg_total_relation_size(c.oid)), 0) AS BIGINT) FROM pg_class c "
                            "JOIN pg_namespace n ON n.oid = c.relnamespace "
                            "WHERE n.nspname = current_schema() AND c.relkind = 'r'"));
    }
    std::uint64_t bytes = 0;
    for (const journal_file& file : files_of(where)) {
        std::error_code none;
        const auto size = std::filesystem::file_size(file.path, none);
        bytes += none ? 0 : size;
    }
    return bytes;
}

}  // namespace

journal_facts facts_of(const journal_locator& where) {
    open_tables tables(where, open_tables::purpose::to_read);
    sql_session& session = tables.session();
    journal_facts facts;
    {
        sql_rows self = session.query("SELECT id, sessions, lost_log FROM self");
        static_cast<void>(self.next());
        facts.id = self.text(0);
        facts.is_open = self.integer(1) % 2 == 1;
        facts.may_lack_clients = self.integer(2) != 0;
    }
    {
        sql_rows owner = session.query("SELECT url, name, key_columns FROM account");
        static_cast<void>(owner.next());
        facts.url = owner.text(0);
        facts.account = owner.text(1);
        facts.key_columns = owner.text(2);
    }
    const auto note = [&](const char* name) {
        sql_rows s = session.query("SELECT text FROM kept WHERE name = ?", std::string_view(name));
        return s.next() ? s.text(0) : std::string{};
    };
    facts.moved_to = note(note_of_move);
    facts.backup_of = note(note_of_backup);
    {
        sql_rows last = session.query("SELECT max(started_at) FROM run");
        if (last.next() && !last.is_null(0)) {
            facts.last_run = wall_time_of(last.integer(0));
        }
    }
    const auto count = [&](const char* sql) { return static_cast<std::uint64_t>(number(session, sql)); };
    facts.format = number(session, where.is_file() ? "PRAGMA user_version" : "SELECT format FROM self");
    if (!where.is_file() && facts.format == postgres_journal_format) {
        // As the next run will find.
        facts.may_lack_clients =
            facts.may_lack_clients ||
            number(session, "SELECT CASE WHEN place IN ('', journal_place()) THEN 0 ELSE 1 END FROM self") == 1;
    }
    facts.clients = count("SELECT count(*) FROM client");
    facts.deleted = count("SELECT count(*) FROM client WHERE deleted_at IS NOT NULL");
    facts.in_doubt = count("SELECT count(*) FROM intent");
    facts.unsettled = count("SELECT count(*) FROM unsettled");
    facts.refused = count("SELECT count(*) FROM refusal");
    facts.runs = count("SELECT count(*) FROM run");
    facts.bytes = bytes_of(session, where);
    return facts;
}

}  // namespace baseload
