// What the journal is told.
#include "sqlite_journal.hpp"

#include "sent_codec.hpp"
#include "sqlite_values.hpp"

#include <unistd.h>

#include <algorithm>

namespace baseload {

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
        "unchanged = ?, rejected = ?, in_doubt = ?, not_reached = ?, requests = ?, partial = ?, stopped_because = ?, "
        "missing_refused = ? WHERE id = ?",
        s.source, milliseconds_of(s.finished), std::int64_t{static_cast<int>(s.code)}, s.records,
        s.rows.of(outcome::created), s.rows.of(outcome::updated), s.rows.of(outcome::unchanged),
        s.rows.of(outcome::rejected), s.rows.of(outcome::in_doubt), s.rows.of(outcome::not_reached), s.requests,
        std::int64_t{s.partial ? 1 : 0}, s.stopped_because, std::int64_t{s.missing.refused ? 1 : 0}, run_);
    commit();
}

void sqlite_journal::intend(const intent& i, wall_time now) {
    session_.change("INSERT INTO intent (key_hash, key, run, line, at, parameters, newest_id, ahead) VALUES (?, ?, ?, "
                    "?, ?, ?, ?, ?)",
                    blob{to_bytes(key_hash(i.key))}, i.key, run_, i.line, milliseconds_of(now), i.parameters,
                    ids_rise_ ? newest_id_ : std::nullopt, std::int64_t{i.is_ahead ? 1 : 0});
}

void sqlite_journal::saw_id(std::int64_t crm_client_id) {
    newest_id_ = std::max(newest_id_.value_or(0), crm_client_id);
    session_.change("UPDATE self SET newest_id = ?", *newest_id_);
}

// The account gave a new client this id.
void sqlite_journal::gave_id(std::int64_t crm_client_id, const std::string& key) {
    const auto sent = find_intent(key);
    if (ids_rise_ && sent && sent->newest_id && crm_client_id <= *sent->newest_id) {
        ids_rise_ = false;
        session_.change("UPDATE self SET ids_rise = 0");
    }
    newest_id_ = std::max(newest_id_.value_or(0), crm_client_id);
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
                    blob{hash}, blob{to_bytes(client.record_hash)});
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
    gave_id(client.crm_client_id, key);
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

void sqlite_journal::unsettled(const std::string& key, const std::vector<field_code>& fields) {
    const std::string hash = to_bytes(key_hash(key));
    sent_fields known;
    session_.guarded([&] {
        if (const auto before = find_client(hash, key)) {
            known = before->sent;
        }
    });
    for (const field_code field : fields) {
        known.erase(field);
    }
    session_.change("UPDATE client SET record = zeroblob(16) WHERE key_hash = ?", blob{hash});
    session_.change("UPDATE client_detail SET sent = ?, changed_run = max(changed_run, ?) WHERE key_hash = ?",
                    blob{encode_sent(known)}, run_, blob{hash});
}

void sqlite_journal::reinstated(const std::string& key, const sent_fields& sent, const fingerprint& record_hash) {
    const std::string hash = to_bytes(key_hash(key));
    session_.change("UPDATE client SET record = ? WHERE key_hash = ?", blob{to_bytes(record_hash)}, blob{hash});
    session_.change("UPDATE client_detail SET sent = ? WHERE key_hash = ?", blob{encode_sent(sent)}, blob{hash});
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
        blob{hash}, key, blob{to_bytes(why.record_hash)}, run_, milliseconds_of(now), why.code, why.message);
    end_intent(key);
}

void sqlite_journal::refresh_hash(const std::string& key, const fingerprint& record_hash) {
    session_.change("UPDATE client SET record = ? WHERE key_hash = ?", blob{to_bytes(record_hash)},
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
    if (newest_id_) {
        session_.change("UPDATE self SET newest_id = ?", *newest_id_);  // it may be that of this client
    }
    session_.change("DELETE FROM client WHERE key_hash = ?", hash);
    session_.change("DELETE FROM client_detail WHERE key_hash = ?", hash);
    session_.change("DELETE FROM refusal WHERE key_hash = ?", hash);
    session_.change("DELETE FROM deleted WHERE key_hash = ?", hash);
    session_.change("DELETE FROM absent WHERE key_hash = ?", hash);
    session_.change("DELETE FROM status_before WHERE key_hash = ?", hash);
    session_.change("DELETE FROM backup WHERE key_hash = ?", hash);
}

void sqlite_journal::absent(const fingerprint& key) {
    session_.change("INSERT OR REPLACE INTO absent (key_hash, run) VALUES (?, ?)", blob{to_bytes(key)}, run_);
}

void sqlite_journal::status_before_missing(const std::string& key, std::optional<std::int64_t> status) {
    const blob hash{to_bytes(key_hash(key))};
    if (status) {
        session_.change("INSERT OR REPLACE INTO status_before (key_hash, status) VALUES (?, ?)", hash, *status);
    } else {
        session_.change("DELETE FROM status_before WHERE key_hash = ?", hash);
    }
}

void sqlite_journal::present(const fingerprint& key) {
    session_.change("DELETE FROM absent WHERE key_hash = ?", blob{to_bytes(key)});
}

void sqlite_journal::undone(std::int64_t run, wall_time now) {
    session_.change("UPDATE run SET undone_at = ? WHERE id = ?", milliseconds_of(now), run);
}

void sqlite_journal::remember(const std::string& name, const std::string& text) {
    session_.change("INSERT OR REPLACE INTO kept (name, text) VALUES (?, ?)", name, text);
}

}  // namespace baseload
