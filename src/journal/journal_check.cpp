// Whether a journal fits together.
#include "baseload/core/text.hpp"
#include "baseload/journal/client_memory.hpp"
#include "baseload/journal/journal_upkeep.hpp"
#include "journal_tables.hpp"
#include "key_directory.hpp"
#include "sent_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace baseload {
namespace {

constexpr std::size_t max_problems = 100;

// Nothing where there are no bytes of a key's hash.
std::optional<fingerprint> key_in(sql_rows& s, int column) {
    const std::string_view bytes = s.bytes(column);
    return bytes.size() == key_bytes ? std::optional(key_from_bytes(bytes.data())) : std::nullopt;
}

class examination {
public:
    examination(sql_session& session, bool is_file) : session_(session), is_file_(is_file), directory_(session) {}

    journal_check all() {
        // What is not there cannot be looked at.
        look_at_tables();
        if (found_.problems.empty()) {
            directory_.load();
            read_directory();
            look_at_clients();
            look_at_open_work();
            look_at_keys_of("absent", "SELECT key_hash FROM absent");
            look_at_keys_of("backup", "SELECT key_hash FROM backup");
            look_at_keys_of("status_before", "SELECT key_hash FROM status_before");
            look_at_packs();
            look_at_runs();
        }
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

    void look_at_tables() {
        const auto look_at_columns = [&](const journal_table& table) {
            for (const journal_table::column& column : table.columns) {
                look_at_column(table.name, column.name);
            }
        };
        std::for_each(journal_tables().begin(), journal_tables().end(), look_at_columns);
        look_at_columns(self_table());
        if (!is_file_) {
            look_at_column("lease", "fence");
        }
        if (!found_.problems.empty()) {
            return;
        }
        look_for("SELECT count(*) FROM self HAVING count(*) <> 1",
                 [](sql_rows& s) { return fmt::format("the table self has {} rows instead of one", s.integer(0)); });
        look_for("SELECT count(*) FROM account HAVING count(*) <> 1",
                 [](sql_rows& s) { return fmt::format("the journal is of {} accounts instead of one", s.integer(0)); });
    }

    void look_at_column(std::string_view table, std::string_view column) {
        const char* const sql = is_file_ ? "SELECT 1 FROM pragma_table_info(?) WHERE name = ?"
                                         : "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(?) AND "
                                           "attname = ? AND NOT attisdropped";
        sql_rows s = session_.query(sql, table, column);
        if (!s.next()) {
            problem(fmt::format("there is no table {} with a column {}", table, column));
        }
    }

    // `text` says what is wrong with a row; nothing where all is well.
    void look_for(const char* sql, const std::function<std::optional<std::string>(sql_rows&)>& text) {
        sql_rows s = session_.query(sql);
        while (s.next()) {
            if (auto wrong = text(s)) {
                problem(std::move(*wrong));
            }
        }
    }

    // Each row once; what no client claims is left over.
    void read_directory() {
        directory_.each([&](const key_row& row) {
            keys_.insert(row.key);
            if (!clients_.emplace(row.key, row.client).second) {
                problem(fmt::format("the directory has the key of client {} twice", std::abs(row.client)));
            }
        });
    }

    void look_at_clients() {
        sql_rows s = session_.query("SELECT crm_client_id, key, deleted_at, sent FROM client ORDER BY crm_client_id");
        while (s.next()) {
            ++found_.clients;
            const std::int64_t id = s.integer(0);
            const std::string key = s.text(1);
            if (const std::string_view sent = s.bytes(3); encode_sent(decode_sent(sent)) != sent) {
                problem(fmt::format("what was sent of client {} of {} cannot be read", id, in_quotes(key)));
            }
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
            sql_rows s = session_.query("SELECT key FROM intent");
            while (s.next()) {
                doubtful_.insert(key_hash(s.text(0)));
            }
        }
        look_for("SELECT key, count(*) FROM intent GROUP BY key HAVING count(*) > 1", [](sql_rows& s) {
            return fmt::format("{} has {} creates in doubt at once", in_quotes(s.text(0)), s.integer(1));
        });
        look_for("SELECT c.key, c.crm_client_id FROM intent i JOIN client c ON c.key = i.key "
                 "WHERE c.deleted_at IS NULL",
                 [](sql_rows& s) {
                     return fmt::format("{} has a create in doubt, and is client {}", in_quotes(s.text(0)),
                                        s.integer(1));
                 });
        look_for("SELECT key FROM unsettled", [&](sql_rows& s) -> std::optional<std::string> {
            const std::string key = s.text(0);
            return keys_.contains(key_hash(key))
                       ? std::nullopt
                       : std::optional(
                             fmt::format("{} has an update without an answer, and no client", in_quotes(key)));
        });
        look_for("SELECT key, key_hash FROM refusal", [](sql_rows& s) -> std::optional<std::string> {
            const std::string key = s.text(0);
            return key_in(s, 1) == key_hash(key)
                       ? std::nullopt
                       : std::optional(
                             fmt::format("the refusal of {} stands under another key's hash", in_quotes(key)));
        });
    }

    // A migration may have made a create in doubt of what was a client (move_clients in migration.cpp).
    void look_at_keys_of(const char* table, const char* sql) {
        look_for(sql, [&](sql_rows& s) -> std::optional<std::string> {
            const auto key = key_in(s, 0);
            return key && (keys_.contains(*key) || doubtful_.contains(*key))
                       ? std::nullopt
                       : std::optional(fmt::format("the table {} has a key that no client has", table));
        });
    }

    void look_at_runs() {
        // Run 0 is none: of a client that was linked.
        look_for(
            "SELECT DISTINCT n FROM (SELECT created_run AS n FROM client UNION SELECT changed_run FROM client UNION "
            "SELECT run FROM intent UNION SELECT run FROM unsettled UNION SELECT run FROM refusal) AS named "
            "WHERE n <> 0 AND NOT EXISTS (SELECT 1 FROM run WHERE id = n) ORDER BY n",
            [](sql_rows& s) { return fmt::format("run {} has rows, and is not in the history", s.integer(0)); });
        look_for("SELECT id FROM run WHERE records < 0 OR created < 0 OR updated < 0 OR unchanged < 0 OR rejected < 0 "
                 "OR in_doubt < 0 OR not_reached < 0 OR skipped < 0 OR requests < 0 ORDER BY id",
                 [](sql_rows& s) { return fmt::format("run {} has a count below 0", s.integer(0)); });
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
    bool is_file_;
    key_directory directory_;
    std::unordered_set<fingerprint, upper_half> keys_;      // of clients
    std::unordered_set<fingerprint, upper_half> doubtful_;  // of creates without an answer
    journal_check found_;
    std::unordered_map<fingerprint, std::int64_t, upper_half> clients_;
};

}  // namespace

journal_check check_journal(const journal_locator& where) {
    open_tables tables(where, open_tables::purpose::to_read);
    journal_check found = examination(tables.session(), where.is_file()).all();
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
