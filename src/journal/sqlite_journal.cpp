#include "sqlite_journal.hpp"

#include "baseload/core/stop.hpp"
#include "schema.hpp"
#include "sent_codec.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

namespace baseload {
namespace {

std::int64_t milliseconds_of(wall_time t) {
    return t.time_since_epoch().count();
}

wall_time wall_time_of(std::int64_t milliseconds) {
    return wall_time(std::chrono::milliseconds(milliseconds));
}

std::string bytes_of(const SQLite::Column& column) {
    return {static_cast<const char*>(column.getBlob()), static_cast<std::size_t>(column.getBytes())};
}

int open_flags(bool to_run) {
    return to_run ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE : SQLite::OPEN_READONLY | SQLite::OPEN_URI;
}

}  // namespace

sqlite_journal::sqlite_journal(const std::filesystem::path& path, std::unique_ptr<journal_lock> lock,
                               const journal_owner* owner)
    : lock_(std::move(lock)), session_(path, open_flags(owner != nullptr)) {
    if (owner == nullptr) {
        check_schema(session_.database());
        refuse_outdated(session_.database());
        return;
    }
    refuse_foreign(session_.database());
    // The cache (16 MiB) holds the upper pages of a million keys.
    session_.database().exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;");
    prepare_schema(session_.database(), *owner);
}

void sqlite_journal::commit() {
    session_.commit();
}

void sqlite_journal::rollback() {
    session_.rollback();
}

std::uint64_t sqlite_journal::client_count() {
    return session_.guarded([&] {
        return static_cast<std::uint64_t>(session_.database().execAndGet("SELECT count(*) FROM client").getInt64());
    });
}

void sqlite_journal::each_key(const std::function<void(const fingerprint&, const fingerprint&, bool)>& visit) {
    session_.guarded([&] {
        SQLite::Statement& s = session_.query("SELECT key_hash, zeroblob(16), 0 FROM intent UNION ALL "
                                              "SELECT key_hash, zeroblob(16), 0 FROM refusal UNION ALL "
                                              "SELECT key_hash, record, 1 FROM client UNION ALL "
                                              "SELECT key_hash, zeroblob(16), 0 FROM deleted");
        while (s.executeStep()) {
            visit(fingerprint_from_bytes(s.getColumn(0).getBlob()), fingerprint_from_bytes(s.getColumn(1).getBlob()),
                  s.getColumn(2).getInt() != 0);
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
        throw stop(exit_code::stopped, fmt::format("the keys {} and {} have one hash; change one of them",
                                                   s.getColumn(0).getString(), key));
    }
    known_client client;
    client.crm_client_id = s.getColumn(1).getInt64();
    client.sent = decode_sent(bytes_of(s.getColumn(2)));
    client.record = fingerprint_from_bytes(s.getColumn(3).getBlob());
    client.deleted = s.getColumn(4).getInt() != 0;
    s.reset();
    return client;
}

std::optional<entry> sqlite_journal::find(const std::string& key) {
    return session_.guarded([&]() -> std::optional<entry> {
        const std::string hash = to_bytes(key_hash(key));
        entry e;
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
        const bool known = e.client || e.in_doubt || e.refused;
        return known ? std::optional(e) : std::nullopt;
    });
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
        SQLite::Statement& s = session_.query("SELECT line, parameters, run FROM intent WHERE key_hash = ?",
                                              blob{to_bytes(key_hash(key))});
        if (!s.executeStep()) {
            return std::nullopt;
        }
        intent found{key, static_cast<std::uint64_t>(s.getColumn(0).getInt64()), s.getColumn(1).getString(),
                     s.getColumn(2).getInt64()};
        s.reset();
        return found;
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
        SQLite::Statement& s = session_.query(
            "SELECT records FROM run WHERE exit_code IN (0, 1) AND NOT partial ORDER BY id DESC LIMIT 1");
        if (!s.executeStep()) {
            return std::nullopt;
        }
        const auto records = static_cast<std::uint64_t>(s.getColumn(0).getInt64());
        s.reset();
        return records;
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

std::vector<run_client> sqlite_journal::created_by(std::int64_t run) {
    return session_.guarded([&] {
        std::vector<run_client> found;
        SQLite::Statement& s =
            session_.query("SELECT key, crm_client_id, changed_run FROM client_detail d WHERE created_run = ? "
                           "AND NOT EXISTS (SELECT 1 FROM deleted x WHERE x.key_hash = d.key_hash) ORDER BY key",
                           run);
        while (s.executeStep()) {
            found.push_back({s.getColumn(0).getString(), s.getColumn(1).getInt64(), s.getColumn(2).getInt64(), {}});
        }
        s.reset();
        return found;
    });
}

std::vector<run_client> sqlite_journal::backed_up_by(std::int64_t run) {
    return session_.guarded([&] {
        std::vector<run_client> found;
        SQLite::Statement& s = session_.query("SELECT d.key, b.crm_client_id, d.changed_run, b.fields FROM backup b "
                                              "JOIN client_detail d ON d.key_hash = b.key_hash "
                                              "WHERE b.run = ? ORDER BY d.key",
                                              run);
        while (s.executeStep()) {
            found.push_back({s.getColumn(0).getString(), s.getColumn(1).getInt64(), s.getColumn(2).getInt64(),
                             s.getColumn(3).getString()});
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
        SQLite::Statement& s = session_.query(
            "SELECT key, crm_client_id, changed_run FROM client_detail WHERE key_hash = ?", blob{to_bytes(key)});
        if (!s.executeStep()) {
            return std::nullopt;
        }
        run_client found{s.getColumn(0).getString(), s.getColumn(1).getInt64(), s.getColumn(2).getInt64(), {}};
        s.reset();
        return found;
    });
}

std::int64_t sqlite_journal::begin_run(const std::string& source, wall_time now) {
    session_.change("INSERT INTO run (source, pid, started_at) VALUES (?, ?, ?)", source, std::int64_t{::getpid()},
                    milliseconds_of(now));
    run_ = session_.database().getLastInsertRowid();
    commit();
    return run_;
}

void sqlite_journal::end_run(const run_summary& s) {
    session_.change(
        "UPDATE run SET source = ?, finished_at = ?, exit_code = ?, records = ?, created = ?, updated = ?, "
        "unchanged = ?, rejected = ?, in_doubt = ?, not_reached = ?, requests = ?, partial = ?, stopped_because = ? "
        "WHERE id = ?",
        s.source, milliseconds_of(s.finished), std::int64_t{static_cast<int>(s.code)}, s.records,
        s.rows.of(outcome::created), s.rows.of(outcome::updated), s.rows.of(outcome::unchanged),
        s.rows.of(outcome::rejected), s.rows.of(outcome::in_doubt), s.rows.of(outcome::not_reached), s.requests,
        std::int64_t{s.partial ? 1 : 0}, s.stopped_because, run_);
    commit();
}

void sqlite_journal::intend(const intent& i, wall_time now) {
    session_.change("INSERT INTO intent (key_hash, key, run, line, at, parameters) VALUES (?, ?, ?, ?, ?, ?)",
                    blob{to_bytes(key_hash(i.key))}, i.key, run_, i.line, milliseconds_of(now), i.parameters);
}

void sqlite_journal::end_intent(const std::string& key) {
    session_.change("DELETE FROM intent WHERE key_hash = ?", blob{to_bytes(key_hash(key))});
}

void sqlite_journal::withdraw(const std::string& key) {
    end_intent(key);
}

void sqlite_journal::write_client(const std::string& key, const known_client& client) {
    const std::string hash = to_bytes(key_hash(key));
    session_.change("INSERT INTO client (key_hash, record) VALUES (?, ?) "
                    "ON CONFLICT (key_hash) DO UPDATE SET record = excluded.record",
                    blob{hash}, blob{to_bytes(client.record)});
    session_.change("DELETE FROM refusal WHERE key_hash = ?", blob{hash});
    session_.change("DELETE FROM deleted WHERE key_hash = ?", blob{hash});
}

// A key whose client was deleted may get another.
void sqlite_journal::write_detail(const std::string& key, const known_client& client, std::int64_t created_run,
                                  wall_time now) {
    session_.change(
        "INSERT INTO client_detail (key_hash, key, crm_client_id, sent, created_run, changed_run, changed_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key_hash) DO UPDATE SET crm_client_id = excluded.crm_client_id, "
        "sent = excluded.sent, created_run = excluded.created_run, changed_run = excluded.changed_run, "
        "changed_at = excluded.changed_at",
        blob{to_bytes(key_hash(key))}, key, client.crm_client_id, blob{encode_sent(client.sent)}, created_run, run_,
        milliseconds_of(now));
}

void sqlite_journal::created(const std::string& key, const known_client& client, wall_time now) {
    write_client(key, client);
    write_detail(key, client, run_, now);
    end_intent(key);
}

void sqlite_journal::linked(const std::string& key, const known_client& client, wall_time now) {
    const auto sent = find_intent(key);
    write_client(key, client);
    write_detail(key, client, sent ? sent->run : 0, now);
    absent(key_hash(key));
    end_intent(key);
}

void sqlite_journal::deleted(const std::string& key, wall_time now) {
    session_.change("INSERT OR REPLACE INTO deleted (key_hash, at) VALUES (?, ?)", blob{to_bytes(key_hash(key))},
                    milliseconds_of(now));
}

void sqlite_journal::updated(const std::string& key, const known_client& client, wall_time now) {
    const std::string hash = to_bytes(key_hash(key));
    sent_fields all = client.sent;
    session_.guarded([&] {
        if (const auto before = find_client(hash, key)) {
            all.insert(before->sent.begin(), before->sent.end());  // what this update sent stands
        }
    });
    write_client(key, client);
    session_.change("UPDATE client_detail SET crm_client_id = ?, sent = ?, changed_run = ?, changed_at = ? "
                    "WHERE key_hash = ?",
                    client.crm_client_id, blob{encode_sent(all)}, run_, milliseconds_of(now), blob{hash});
}

void sqlite_journal::refused(const std::string& key, const refusal& why, wall_time now) {
    const std::string hash = to_bytes(key_hash(key));
    session_.change(
        "INSERT INTO refusal (key_hash, key, record, run, at, code, message) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (key_hash) DO UPDATE SET record = excluded.record, run = excluded.run, at = excluded.at, "
        "code = excluded.code, message = excluded.message",
        blob{hash}, key, blob{to_bytes(why.record)}, run_, milliseconds_of(now), why.code, why.message);
    end_intent(key);
}

void sqlite_journal::noted(const std::string& key, const fingerprint& record) {
    session_.change("UPDATE client SET record = ? WHERE key_hash = ?", blob{to_bytes(record)},
                    blob{to_bytes(key_hash(key))});
}

void sqlite_journal::back_up(const std::string& key, std::int64_t crm_client_id, const std::string& fields) {
    session_.change("INSERT OR REPLACE INTO backup (run, key_hash, crm_client_id, fields) VALUES (?, ?, ?, ?)", run_,
                    blob{to_bytes(key_hash(key))}, crm_client_id, fields);
}

void sqlite_journal::restored(const std::string& key, std::int64_t run) {
    session_.change("DELETE FROM backup WHERE run = ? AND key_hash = ?", run, blob{to_bytes(key_hash(key))});
}

void sqlite_journal::forget(const std::string& key) {
    const blob hash{to_bytes(key_hash(key))};
    session_.change("DELETE FROM client WHERE key_hash = ?", hash);
    session_.change("DELETE FROM client_detail WHERE key_hash = ?", hash);
    session_.change("DELETE FROM refusal WHERE key_hash = ?", hash);
    session_.change("DELETE FROM deleted WHERE key_hash = ?", hash);
    session_.change("DELETE FROM absent WHERE key_hash = ?", hash);
    session_.change("DELETE FROM backup WHERE key_hash = ?", hash);
}

void sqlite_journal::absent(const fingerprint& key) {
    session_.change("INSERT OR REPLACE INTO absent (key_hash, run) VALUES (?, ?)", blob{to_bytes(key)}, run_);
}

void sqlite_journal::present(const fingerprint& key) {
    session_.change("DELETE FROM absent WHERE key_hash = ?", blob{to_bytes(key)});
}

void sqlite_journal::undone(std::int64_t run, wall_time now) {
    session_.change("UPDATE run SET undone_at = ? WHERE id = ?", milliseconds_of(now), run);
}

namespace {

// SQLite reads a file in WAL mode only beside files that it may write. Where it may not (a
// backup, a read-only disk), a file without a log is whole by itself.
bool settled_by_itself(const std::filesystem::path& path) {
    std::error_code no_log;
    const auto log_size = std::filesystem::file_size(path.string() + "-wal", no_log);
    const std::string folder = path.has_parent_path() ? path.parent_path().string() : ".";
    return (no_log || log_size == 0) && ::access(folder.c_str(), W_OK) != 0;
}

// https://www.sqlite.org/uri.html
std::filesystem::path immutable_uri(const std::filesystem::path& path) {
    std::string uri = "file:";
    for (const char c : path.string()) {
        uri += c == '?' ? "%3f" : c == '#' ? "%23" : c == '%' ? "%25" : std::string(1, c);
    }
    return uri + "?immutable=1";
}

std::unique_ptr<journal> open(const std::filesystem::path& path, std::unique_ptr<journal_lock> lock,
                              const journal_owner* owner) {
    try {
        return std::make_unique<sqlite_journal>(path, std::move(lock), owner);
    } catch (const SQLite::Exception& error) {
        sqlite_session::refuse(path.string(), error, exit_code::usage);
    }
}

}  // namespace

std::unique_ptr<journal> open_journal(const std::filesystem::path& path, const journal_owner& owner) {
    // One file has one lock, by whatever name it is reached.
    std::error_code ignored;
    const auto canonical = std::filesystem::weakly_canonical(path, ignored);
    const auto& real = ignored ? path : canonical;
    auto lock = std::make_unique<journal_lock>(real);
    return open(real, std::move(lock), &owner);
}

std::unique_ptr<journal> open_journal_to_read(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
        throw stop(exit_code::usage, fmt::format("there is no journal {} yet; the first run makes it", path.string()));
    }
    return open(settled_by_itself(path) ? immutable_uri(path) : path, nullptr, nullptr);
}

}  // namespace baseload
