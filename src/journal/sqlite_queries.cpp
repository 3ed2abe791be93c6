// What the journal is asked.
#include "sqlite_journal.hpp"

#include "baseload/core/command_error.hpp"
#include "sent_codec.hpp"
#include "sqlite_values.hpp"

#include <fmt/format.h>

#include <utility>

namespace baseload {

std::uint64_t sqlite_journal::client_count() {
    return session_.guarded([&] {
        return static_cast<std::uint64_t>(session_.database().execAndGet("SELECT count(*) FROM client").getInt64());
    });
}

// A deleted client is as good as none: its row is looked at anew, however equal it is.
void sqlite_journal::each_key(const std::function<void(const known_key&)>& visit) {
    session_.guarded([&] {
        SQLite::Statement& s =
            session_.query("SELECT c.key_hash, iif(d.key_hash IS NULL, c.record, zeroblob(16)), d.key_hash IS NULL "
                           "FROM client c LEFT JOIN deleted d ON d.key_hash = c.key_hash "
                           "UNION ALL SELECT key_hash, zeroblob(16), 0 "
                           "FROM (SELECT key_hash FROM intent UNION SELECT key_hash FROM refusal) u "
                           "WHERE NOT EXISTS (SELECT 1 FROM client c WHERE c.key_hash = u.key_hash)");
        while (s.executeStep()) {
            visit({.key = fingerprint_from_bytes(s.getColumn(0).getBlob()),
                   .record_hash = fingerprint_from_bytes(s.getColumn(1).getBlob()),
                   .has_client = s.getColumn(2).getInt() != 0});
        }
        s.reset();
    });
}

std::optional<known_client> sqlite_journal::find_client(const std::string& hash, const std::string& key) {
    SQLite::Statement& s = session_.query("SELECT d.key, d.crm_client_id, d.sent, c.record, x.key_hash IS NOT NULL "
                                          "FROM client_detail d JOIN client c ON c.key_hash = d.key_hash "
                                          "LEFT JOIN deleted x ON x.key_hash = d.key_hash WHERE d.key_hash = ?",
                                          blob{hash});
    if (!s.executeStep()) {
        return std::nullopt;
    }
    if (s.getColumn(0).getString() != key) {
        throw command_error(exit_code::stopped, fmt::format("the keys {} and {} have one hash; change one of them",
                                                            s.getColumn(0).getString(), key));
    }
    known_client client;
    client.crm_client_id = s.getColumn(1).getInt64();
    client.sent = decode_sent(bytes_of(s.getColumn(2)));
    client.record_hash = fingerprint_from_bytes(s.getColumn(3).getBlob());
    client.deleted = s.getColumn(4).getInt() != 0;
    s.reset();
    return client;
}

std::optional<journal_entry> sqlite_journal::find(const std::string& key) {
    return session_.guarded([&]() -> std::optional<journal_entry> {
        const std::string hash = to_bytes(key_hash(key));
        journal_entry e;
        e.client = find_client(hash, key);
        SQLite::Statement& doubt = session_.query("SELECT 1 FROM intent WHERE key_hash = ?", blob{hash});
        e.in_doubt = doubt.executeStep();
        doubt.reset();
        SQLite::Statement& refused =
            session_.query("SELECT record, code, message FROM refusal WHERE key_hash = ?", blob{hash});
        if (refused.executeStep()) {
            e.refused = refusal{fingerprint_from_bytes(refused.getColumn(0).getBlob()),
                                refused.getColumn(1).getString(), refused.getColumn(2).getString()};
        }
        refused.reset();
        SQLite::Statement& absent = session_.query("SELECT status FROM status_before WHERE key_hash = ?", blob{hash});
        if (absent.executeStep()) {
            e.status_before_missing = absent.getColumn(0).getInt64();
        }
        absent.reset();
        const bool known = e.client || e.in_doubt || e.refused;
        return known ? std::optional(e) : std::nullopt;
    });
}

std::vector<std::optional<journal_entry>> sqlite_journal::find_all(std::span<const std::string> keys) {
    std::vector<std::optional<journal_entry>> entries;
    entries.reserve(keys.size());
    for (const std::string& key : keys) {
        entries.push_back(find(key));  // in this process: there is no round trip to save
    }
    return entries;
}

std::vector<std::string> sqlite_journal::doubtful_keys() {
    return session_.guarded([&] {
        std::vector<std::string> keys;
        SQLite::Statement& s = session_.query("SELECT key FROM intent ORDER BY at, key");
        while (s.executeStep()) {
            keys.push_back(s.getColumn(0).getString());
        }
        s.reset();
        return keys;
    });
}

std::optional<intent> sqlite_journal::find_intent(const std::string& key) {
    return session_.guarded([&]() -> std::optional<intent> {
        SQLite::Statement& s =
            session_.query("SELECT line, parameters, run, newest_id, ahead FROM intent WHERE key_hash = ?",
                           blob{to_bytes(key_hash(key))});
        if (!s.executeStep()) {
            return std::nullopt;
        }
        intent found{key, static_cast<std::uint64_t>(s.getColumn(0).getInt64()), s.getColumn(1).getString(),
                     s.getColumn(2).getInt64()};
        if (!s.getColumn(3).isNull() && ids_rise_) {
            found.newest_id = s.getColumn(3).getInt64();
        }
        found.is_ahead = s.getColumn(4).getInt() != 0;
        s.reset();
        return found;
    });
}

std::optional<std::string> sqlite_journal::recalled(const std::string& name) {
    return session_.guarded([&]() -> std::optional<std::string> {
        SQLite::Statement& s = session_.query("SELECT text FROM kept WHERE name = ?", name);
        if (!s.executeStep()) {
            return std::nullopt;
        }
        std::string text = s.getColumn(0).getString();
        s.reset();
        return text;
    });
}

std::optional<std::string> sqlite_journal::key_of_client(std::int64_t crm_client_id) {
    return session_.guarded([&]() -> std::optional<std::string> {
        SQLite::Statement& s = session_.query("SELECT key FROM client_detail WHERE crm_client_id = ?", crm_client_id);
        if (!s.executeStep()) {
            return std::nullopt;
        }
        std::string key = s.getColumn(0).getString();
        s.reset();
        return key;
    });
}

std::optional<std::uint64_t> sqlite_journal::last_full_records() {
    return session_.guarded([&]() -> std::optional<std::uint64_t> {
        SQLite::Statement& s =
            session_.query("SELECT records FROM run WHERE exit_code IN (0, 1) AND NOT partial AND NOT missing_refused "
                           "ORDER BY id DESC LIMIT 1");
        if (!s.executeStep()) {
            return std::nullopt;
        }
        const auto records = static_cast<std::uint64_t>(s.getColumn(0).getInt64());
        s.reset();
        return records;
    });
}

std::int64_t sqlite_journal::last_full_run() {
    return session_.guarded([&] {
        SQLite::Statement& s = session_.query(
            "SELECT coalesce(max(id), 0) FROM run WHERE exit_code IN (0, 1) AND NOT partial AND NOT missing_refused");
        static_cast<void>(s.executeStep());
        const std::int64_t id = s.getColumn(0).getInt64();
        s.reset();
        return id;
    });
}

std::vector<run_record> sqlite_journal::runs() {
    return session_.guarded([&] {
        std::vector<run_record> all;
        SQLite::Statement& s = session_.query(
            "SELECT r.id, r.source, r.pid, r.started_at, r.finished_at, r.exit_code, r.records, r.created, r.updated, "
            "r.unchanged, r.rejected, r.in_doubt, r.not_reached, r.requests, r.stopped_because, a.name, r.undone_at "
            "FROM run r, account a ORDER BY r.id");
        while (s.executeStep()) {
            run_record r;
            r.summary.run = s.getColumn(0).getInt64();
            r.summary.source = s.getColumn(1).getString();
            r.pid = s.getColumn(2).getInt64();
            r.summary.started = wall_time_of(s.getColumn(3).getInt64());
            r.ended = !s.getColumn(5).isNull();
            r.summary.finished = wall_time_of(s.getColumn(4).getInt64());
            r.summary.code = static_cast<exit_code>(s.getColumn(5).getInt());
            r.summary.records = static_cast<std::uint64_t>(s.getColumn(6).getInt64());
            for (int o = 0; o < outcome_kinds; ++o) {
                r.summary.rows.add(static_cast<outcome>(o), static_cast<std::uint64_t>(s.getColumn(7 + o).getInt64()));
            }
            r.summary.requests = static_cast<std::uint64_t>(s.getColumn(13).getInt64());
            r.summary.stopped_because = s.getColumn(14).getString();
            r.summary.account = s.getColumn(15).getString();
            r.undone = !s.getColumn(16).isNull();
            all.push_back(std::move(r));
        }
        s.reset();
        return all;
    });
}

void sqlite_journal::each_entry(const std::function<void(const exported_entry&)>& visit) {
    session_.guarded([&] {
        SQLite::Statement& s = session_.query(
            "SELECT d.key, iif(x.key_hash IS NULL, 'linked', 'deleted'), d.crm_client_id, d.changed_at, '' "
            "FROM client_detail d LEFT JOIN deleted x ON x.key_hash = d.key_hash "
            "UNION ALL SELECT key, 'in doubt', NULL, at, '' FROM intent "
            "UNION ALL SELECT key, 'refused', NULL, at, code || ': ' || message FROM refusal "
            "ORDER BY 1, 2");
        while (s.executeStep()) {
            exported_entry e;
            e.key = s.getColumn(0).getString();
            e.state = s.getColumn(1).getString();
            if (!s.getColumn(2).isNull()) {
                e.crm_client_id = s.getColumn(2).getInt64();
            }
            e.changed = wall_time_of(s.getColumn(3).getInt64());
            e.note = s.getColumn(4).getString();
            visit(e);
        }
        s.reset();
    });
}

std::vector<std::pair<std::string, known_client>> sqlite_journal::sample_clients(std::size_t count) {
    return session_.guarded([&] {
        std::vector<std::string> keys;
        SQLite::Statement& s = session_.query(
            "SELECT key FROM (SELECT * FROM (SELECT key, crm_client_id FROM client_detail d "
            "WHERE NOT EXISTS (SELECT 1 FROM deleted x WHERE x.key_hash = d.key_hash) "
            "ORDER BY crm_client_id DESC LIMIT ?1) UNION SELECT * FROM (SELECT key, crm_client_id FROM client_detail d "
            "WHERE NOT EXISTS (SELECT 1 FROM deleted x WHERE x.key_hash = d.key_hash) "
            "ORDER BY crm_client_id LIMIT ?2)) ORDER BY crm_client_id DESC",
            static_cast<std::int64_t>(count - count / 2), static_cast<std::int64_t>(count / 2));
        while (s.executeStep()) {
            keys.push_back(s.getColumn(0).getString());
        }
        s.reset();
        std::vector<std::pair<std::string, known_client>> found;
        for (const std::string& key : keys) {
            found.emplace_back(key, *find_client(to_bytes(key_hash(key)), key));
        }
        return found;
    });
}

std::vector<run_client> sqlite_journal::created_by(std::int64_t run) {
    return session_.guarded([&] {
        std::vector<run_client> found;
        SQLite::Statement& s =
            session_.query("SELECT key, crm_client_id, changed_run FROM client_detail d WHERE created_run = ? "
                           "AND NOT EXISTS (SELECT 1 FROM deleted x WHERE x.key_hash = d.key_hash) ORDER BY key",
                           run);
        while (s.executeStep()) {
            found.push_back(
                {s.getColumn(0).getString(), s.getColumn(1).getInt64(), s.getColumn(2).getInt64(), {}, run});
        }
        s.reset();
        return found;
    });
}

std::vector<run_client> sqlite_journal::backed_up_by(std::int64_t run) {
    return session_.guarded([&] {
        std::vector<run_client> found;
        SQLite::Statement& s =
            session_.query("SELECT d.key, b.crm_client_id, max(d.changed_run, (SELECT "
                           "max(l.run) FROM backup l WHERE l.key_hash = b.key_hash)), b.fields FROM backup b "
                           "JOIN client_detail d ON d.key_hash = b.key_hash "
                           "WHERE b.run = ? ORDER BY d.key",
                           run);
        while (s.executeStep()) {
            found.push_back({s.getColumn(0).getString(), s.getColumn(1).getInt64(), s.getColumn(2).getInt64(),
                             s.getColumn(3).getString(), 0});
        }
        s.reset();
        return found;
    });
}

std::vector<std::string> sqlite_journal::doubtful_keys_of(std::int64_t run) {
    return session_.guarded([&] {
        std::vector<std::string> keys;
        SQLite::Statement& s = session_.query("SELECT key FROM intent WHERE run = ? ORDER BY key", run);
        while (s.executeStep()) {
            keys.push_back(s.getColumn(0).getString());
        }
        s.reset();
        return keys;
    });
}

void sqlite_journal::each_absent(const std::function<void(const fingerprint&)>& visit) {
    session_.guarded([&] {
        SQLite::Statement& s = session_.query("SELECT key_hash FROM absent");
        while (s.executeStep()) {
            visit(fingerprint_from_bytes(s.getColumn(0).getBlob()));
        }
        s.reset();
    });
}

std::optional<run_client> sqlite_journal::client_of(const fingerprint& key) {
    return session_.guarded([&]() -> std::optional<run_client> {
        SQLite::Statement& s =
            session_.query("SELECT key, crm_client_id, changed_run, created_run FROM client_detail WHERE key_hash = ?",
                           blob{to_bytes(key)});
        if (!s.executeStep()) {
            return std::nullopt;
        }
        run_client found{s.getColumn(0).getString(),
                         s.getColumn(1).getInt64(),
                         s.getColumn(2).getInt64(),
                         {},
                         s.getColumn(3).getInt64()};
        s.reset();
        return found;
    });
}

}  // namespace baseload
