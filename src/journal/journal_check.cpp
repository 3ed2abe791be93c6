// What a journal says of itself, and whether it fits together.
#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "baseload/journal/client_memory.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/journal/journal_upkeep.hpp"
#include "journal_tables.hpp"
#include "key_directory.hpp"
#include "migration.hpp"
#include "postgres_tables.hpp"
#include "sql_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <unordered_map>

namespace baseload {
namespace {

constexpr std::size_t max_problems = 100;

std::int64_t number(sql_session& session, const char* sql) {
    sql_rows s = session.query(sql);
    return s.next() ? s.integer(0) : 0;
}

class examination {
public:
    explicit examination(sql_session& session) : session_(session), directory_(session) { directory_.load(); }

    journal_check all() {
        read_directory();
        look_at_clients();
        look_at_open_work();
        look_at_packs();
        return std::move(found_);
    }

private:
    struct upper_half {
        std::size_t operator()(const fingerprint& key) const { return key.high; }
    };

    void problem(std::string text) {
        if (found_.problems.size() < max_problems) {
            found_.problems.push_back(std::move(text));
        }
    }

    // Each row once; what no client claims is left over.
    void read_directory() {
        directory_.each([&](const key_row& row) {
            if (!clients_.emplace(row.key, row.client).second) {
                problem(fmt::format("the directory has the key of client {} twice", std::abs(row.client)));
            }
        });
    }

    void look_at_clients() {
        sql_rows s = session_.query("SELECT crm_client_id, key, deleted_at FROM client ORDER BY crm_client_id");
        while (s.next()) {
            ++found_.clients;
            const std::int64_t id = s.integer(0);
            const std::string key = s.text(1);
            const auto row = clients_.find(key_hash(key));
            if (row == clients_.end()) {
                problem(fmt::format("client {} of {} is not in the directory: a run would make it again", id,
                                    in_quotes(key)));
                continue;
            }
            if (std::abs(row->second) != id) {
                problem(fmt::format("{} is client {} by the directory, and client {} has its key", in_quotes(key),
                                    std::abs(row->second), id));
            } else if ((row->second < 0) == s.is_null(2)) {
                problem(fmt::format("client {} of {} is deleted by the {}, and not by the {}", id, in_quotes(key),
                                    row->second < 0 ? "directory" : "client's row",
                                    row->second < 0 ? "client's row" : "directory"));
            }
            clients_.erase(row);
        }
        for (const auto& [key, id] : clients_) {
            problem(fmt::format("the directory leads to client {}, which has no row", std::abs(id)));
        }
    }

    void look_at_open_work() {
        {
            sql_rows s = session_.query("SELECT key, count(*) FROM intent GROUP BY key HAVING count(*) > 1");
            while (s.next()) {
                problem(fmt::format("{} has {} creates in doubt at once", in_quotes(s.text(0)), s.integer(1)));
            }
        }
        sql_rows s = session_.query("SELECT key, key_hash FROM refusal");
        while (s.next()) {
            if (key_from_bytes(s.bytes(1).data()) != key_hash(s.text(0))) {
                problem(fmt::format("the refusal of {} stands under another key's hash", in_quotes(s.text(0))));
            }
        }
    }

    void look_at_packs() {
        std::int64_t end_of_last = 0;
        bool is_first = true;
        sql_rows s = session_.query("SELECT place, count, rows FROM key_pack ORDER BY place");
        while (s.next()) {
            const std::vector<key_row> rows = rows_of_pack(s.bytes(2));
            const std::int64_t place = s.integer(0);
            const bool is_in_order = std::is_sorted(rows.begin(), rows.end(),
                                                    [](const key_row& a, const key_row& b) { return a.key < b.key; });
            if (static_cast<std::uint64_t>(s.integer(1)) != rows.size() || !is_in_order ||
                (!rows.empty() && (place_of(rows.front().key) < place || (!is_first && place <= end_of_last)))) {
                problem(fmt::format("the pack of keys at {} is out of order: some of them would not be found", place));
            }
            is_first = false;
            end_of_last = rows.empty() ? place : place_of(rows.back().key);
        }
    }

    sql_session& session_;
    key_directory directory_;
    journal_check found_;
    std::unordered_map<fingerprint, std::int64_t, upper_half> clients_;
};

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

journal_check check_journal(const journal_locator& where) {
    open_tables tables(where, open_tables::purpose::to_read);
    journal_check found = examination(tables.session()).all();
    if (where.is_file()) {
        // What SQLite itself finds (https://www.sqlite.org/pragma.html#pragma_integrity_check): one row, "ok", or some.
        sql_rows s = tables.session().query("PRAGMA integrity_check(20)");
        while (s.next()) {
            if (const std::string text = s.text(0); text != "ok") {
                found.problems.push_back("SQLite: " + text);
            }
        }
    }
    return found;
}

}  // namespace baseload
