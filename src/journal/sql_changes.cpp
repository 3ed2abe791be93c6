// What the journal is told of clients.
#include "sql_journal.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "big_endian.hpp"
#include "sent_codec.hpp"
#include "sql_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace baseload {
namespace {

// `changed_at` alone is in seconds. It stands in every client's row, where each byte counts.
std::int64_t seconds_of(wall_time t) {
    return milliseconds_of(t) / 1000;
}

}  // namespace

void sql_journal::intend(const intent& i, wall_time now) {
    const fingerprint hash = key_hash(i.key);
    // Two creates of one key would make two clients. That a caller tries is an error of the program, so the whole
    // transaction is given up, until rollback() acknowledges it.
    if (intents_.contains(hash)) {
        session_.lose();
        throw command_error(exit_code::stopped, fmt::format("the create of {} is under way already", in_quotes(i.key)));
    }
    last_intent_ = number_after(last_intent_);
    open_intent open{.number = last_intent_,
                     .key = i.key,
                     .run = run_,
                     .line = i.line,
                     .at = milliseconds_of(now),
                     .newest_id = ids_rise_ ? newest_id_ : std::nullopt,
                     .is_ahead = i.is_ahead};
    session_.change("INSERT INTO intent (number, key, run, line, at, parameters, newest_id, ahead) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    open.number, i.key, run_, i.line, open.at, i.parameters, open.newest_id,
                    std::int64_t{i.is_ahead ? 1 : 0});
    intents_.emplace(hash, std::move(open));
}

// Written down, since the client with this id may have no key in the journal: then no row of `client` tells of it.
void sql_journal::saw_id(std::int64_t crm_client_id) {
    newest_id_ = std::max(newest_id_.value_or(0), crm_client_id);
    keep_newest_id();
}

// Another shard may have written down a newer one.
void sql_journal::keep_newest_id() {
    session_.change("UPDATE self SET newest_id = ? WHERE newest_id IS NULL OR newest_id < ?", *newest_id_, *newest_id_);
}

// Each shard has numbers of its own: those that leave the same rest.
std::int64_t sql_journal::number_after(std::int64_t last) const {
    const std::int64_t next = last + 1;
    return next + ((part_.number - next) % part_.of + part_.of) % part_.of;
}

// The account gave a new client this id.
void sql_journal::gave_id(std::int64_t crm_client_id, const std::string& key) {
    // Held against what was known when this create left, and not against the newest id of all: creates under way at the
    // same time are answered in any order.
    const auto before = newest_id_when_sent(key);
    if (ids_rise_ && before && crm_client_id <= *before) {
        ids_rise_ = false;
        session_.change("UPDATE self SET ids_rise = 0");
    }
    newest_id_ = std::max(newest_id_.value_or(0), crm_client_id);
}

// In memory and on disk together. A rollback reads both maps again (read_what_is_open).
void sql_journal::end_intent(const std::string& key) {
    if (const auto open = intents_.extract(key_hash(key))) {
        session_.change("DELETE FROM intent WHERE number = ?", open.mapped().number);
    }
}

void sql_journal::withdraw(const std::string& key) {
    end_intent(key);
}

void sql_journal::end_refusal(const fingerprint& hash) {
    // Most keys were never refused: the set in memory saves them a statement.
    if (refused_.erase(hash) > 0) {
        session_.change("DELETE FROM refusal WHERE key_hash = ?", sql_bytes{to_key_bytes(hash)});
    }
}

void sql_journal::end_unsettled(const fingerprint& hash) {
    if (const auto open = unsettled_.extract(hash)) {
        for (const std::int64_t number : open.mapped().numbers) {
            session_.change("DELETE FROM unsettled WHERE number = ?", number);
        }
    }
}

// The key's client from now on, known to be there. A key whose client was deleted may get another.
void sql_journal::write_client(const std::string& key, const known_client& client, std::int64_t created_run,
                               wall_time now) {
    const fingerprint hash = key_hash(key);
    if (const auto before = directory_.find(hash)) {
        // The table is by id: the row of the former client would stay beside the new one.
        change_client(std::abs(before->client), "DELETE FROM client WHERE crm_client_id = ?", std::abs(before->client));
    }
    change_client(client.crm_client_id,
                  "INSERT INTO client (crm_client_id, key, sent, created_run, changed_run, changed_at) "
                  "VALUES (?, ?, ?, ?, ?, ?)",
                  client.crm_client_id, key, sql_bytes{encode_sent(client.sent)}, created_run, run_, seconds_of(now));
    clients_added_.add(client.crm_client_id);
    directory_.put({hash, client.record_hash, client.crm_client_id});
    end_refusal(hash);
    end_unsettled(hash);
    end_intent(key);
}

// First the id's age, which needs the intent; write_client ends it.
void sql_journal::created(const std::string& key, const known_client& client, wall_time now) {
    gave_id(client.crm_client_id, key);
    write_client(key, client, run_, now);
}

void sql_journal::linked(const std::string& key, const known_client& client, wall_time now) {
    // Looked up before write_client, which ends the intent.
    const auto sent = intents_.find(key_hash(key));
    write_client(key, client, sent == intents_.end() ? 0 : sent->second.run, now);
    absent(key_hash(key));
}

void sql_journal::unsettled(const std::string& key, const std::vector<field_code>& fields) {
    const fingerprint hash = key_hash(key);
    // Without a client nothing of it is known anyway, and the row would wait for an answer that nobody gives.
    if (!directory_.find(hash)) {
        return;
    }
    std::string codes;
    for (const field_code field : fields) {
        append_big_endian(codes, static_cast<std::uint32_t>(field), 4);
    }
    last_unsettled_ = number_after(last_unsettled_);
    session_.change("INSERT INTO unsettled (number, key, run, fields) VALUES (?, ?, ?, ?)", last_unsettled_, key, run_,
                    sql_bytes{codes});
    unsettled_fields& open = unsettled_[hash];
    open.numbers.push_back(last_unsettled_);
    open.fields.insert(fields.begin(), fields.end());
    open.run = run_;
}

void sql_journal::update_client(std::int64_t crm_client_id, const sent_fields& sent, std::int64_t changed_run) {
    // max: 0 leaves the run as it is, and no earlier run takes the place of a later one. `undo` leaves alone what a
    // later run changed.
    change_client(crm_client_id,
                  "UPDATE client SET sent = ?, changed_run = CASE WHEN changed_run < ? THEN ? ELSE changed_run END "
                  "WHERE crm_client_id = ?",
                  sql_bytes{encode_sent(sent)}, changed_run, changed_run, crm_client_id);
}

// What nobody has answered is not known, from now on in the client's own row.
void sql_journal::settle_as_unknown(const fingerprint& hash, std::int64_t crm_client_id) {
    const auto open = unsettled_.find(hash);
    if (open == unsettled_.end()) {
        return;
    }
    if (auto client = read_client(crm_client_id)) {
        for (const field_code field : open->second.fields) {
            client->sent.erase(field);
        }
        update_client(crm_client_id, client->sent, open->second.run);
    }
    end_unsettled(hash);
}

void sql_journal::reinstated(const std::string& key, const sent_fields& sent, content_hash record_hash) {
    const fingerprint hash = key_hash(key);
    if (const auto row = directory_.find(hash)) {
        // Run 0: nothing was changed, so the last run that did change the client stays its last.
        update_client(std::abs(row->client), sent, 0);
        directory_.put({hash, record_hash, row->client});
        end_unsettled(hash);
    }
}

void sql_journal::deleted(const std::string& key, wall_time now) {
    const fingerprint hash = key_hash(key);
    if (const auto row = directory_.find(hash)) {
        const std::int64_t id = std::abs(row->client);
        // What an update without an answer left unknown must not be taken for known should the client come back.
        settle_as_unknown(hash, id);
        change_client(id, "UPDATE client SET deleted_at = ? WHERE crm_client_id = ?", milliseconds_of(now), id);
        // Negative: the key is known, and its client is not there (key_pack.hpp).
        directory_.put({hash, row->record, -id});
    }
}

void sql_journal::updated(const std::string& key, const known_client& client, wall_time now) {
    const fingerprint hash = key_hash(key);
    // With its unknown fields left out: only what is surely there is carried over.
    const auto before = find_client(hash, key);
    if (!before) {
        return;
    }
    sent_fields all = client.sent;
    all.insert(before->sent.begin(), before->sent.end());  // what this update sent stands
    // The id is the primary key of the table: another id means another row.
    if (client.crm_client_id != before->crm_client_id) {
        write_client(key, {client.crm_client_id, client.record_hash, all}, run_, now);
        return;
    }
    change_client(client.crm_client_id,
                  "UPDATE client SET sent = ?, changed_run = ?, changed_at = ?, deleted_at = NULL "
                  "WHERE crm_client_id = ?",
                  sql_bytes{encode_sent(all)}, run_, seconds_of(now), client.crm_client_id);
    directory_.put({hash, client.record_hash, client.crm_client_id});
    end_refusal(hash);
    end_unsettled(hash);
}

void sql_journal::refused(const std::string& key, const refusal& why, wall_time now) {
    const fingerprint hash = key_hash(key);
    session_.change(
        "INSERT INTO refusal (key_hash, key, record, run, at, code, message) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (key_hash) DO UPDATE SET record = excluded.record, run = excluded.run, at = excluded.at, "
        "code = excluded.code, message = excluded.message",
        sql_bytes{to_key_bytes(hash)}, key, why.record_hash.bits, run_, milliseconds_of(now), why.code, why.message);
    refused_.insert(hash);
    end_intent(key);
}

void sql_journal::refresh_hash(const std::string& key, content_hash record_hash) {
    const fingerprint hash = key_hash(key);
    if (const auto row = directory_.find(hash)) {
        // The row has none of the unknown fields, or they would be sent. The client loses them for good, so that a row
        // that has them later sends them; else the key would count as changed in every run.
        settle_as_unknown(hash, std::abs(row->client));
        directory_.put({hash, record_hash, row->client});
    }
}

void sql_journal::back_up(const std::string& key, std::int64_t crm_client_id, const std::string& fields) {
    session_.change("INSERT INTO backup (run, key_hash, crm_client_id, fields) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (run, key_hash) DO UPDATE SET crm_client_id = excluded.crm_client_id, "
                    // What it was before the run: a shard that was killed joins its run again.
                    "fields = excluded.fields WHERE backup.crm_client_id <> excluded.crm_client_id",
                    run_, sql_bytes{to_key_bytes(key_hash(key))}, crm_client_id, fields);
}

void sql_journal::restored(const std::string& key, std::int64_t run) {
    session_.change("DELETE FROM backup WHERE run = ? AND key_hash = ?", run, sql_bytes{to_key_bytes(key_hash(key))});
}

void sql_journal::forget(const std::string& key) {
    const fingerprint hash = key_hash(key);
    // read_identity takes the newest id from the clients' rows, and one of these goes now.
    if (newest_id_) {
        keep_newest_id();  // it may be that of this client
    }
    if (const auto row = directory_.find(hash)) {
        change_client(std::abs(row->client), "DELETE FROM client WHERE crm_client_id = ?", std::abs(row->client));
        directory_.put({hash, {}, 0});
    }
    end_refusal(hash);
    end_unsettled(hash);
    const std::string key_text = to_key_bytes(hash);
    const sql_bytes bytes{key_text};
    session_.change("DELETE FROM absent WHERE key_hash = ?", bytes);
    session_.change("DELETE FROM status_before WHERE key_hash = ?", bytes);
    session_.change("DELETE FROM backup WHERE key_hash = ?", bytes);
}

void sql_journal::absent(const fingerprint& key) {
    session_.change("INSERT INTO absent (key_hash, run) VALUES (?, ?) "
                    "ON CONFLICT (key_hash) DO UPDATE SET run = excluded.run",
                    sql_bytes{to_key_bytes(key)}, run_);
}

void sql_journal::status_before_missing(const std::string& key, std::optional<std::int64_t> status) {
    const std::string bytes = to_key_bytes(key_hash(key));
    const sql_bytes hash{bytes};
    if (status) {
        session_.change("INSERT INTO status_before (key_hash, status) VALUES (?, ?) "
                        "ON CONFLICT (key_hash) DO UPDATE SET status = excluded.status",
                        hash, *status);
    } else {
        session_.change("DELETE FROM status_before WHERE key_hash = ?", hash);
    }
}

void sql_journal::present(const fingerprint& key) {
    session_.change("DELETE FROM absent WHERE key_hash = ?", sql_bytes{to_key_bytes(key)});
}

}  // namespace baseload
