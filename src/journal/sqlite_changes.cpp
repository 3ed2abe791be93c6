// What the journal is told of clients.
#include "sqlite_journal.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "big_endian.hpp"
#include "sent_codec.hpp"
#include "sqlite_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace baseload {
namespace {

std::int64_t seconds_of(wall_time t) {
    return milliseconds_of(t) / 1000;
}

}  // namespace

void sqlite_journal::intend(const intent& i, wall_time now) {
    const fingerprint hash = key_hash(i.key);
    if (intents_.contains(hash)) {
        session_.lose();
        throw command_error(exit_code::stopped, fmt::format("the create of {} is under way already", in_quotes(i.key)));
    }
    open_intent open{.number = ++last_intent_,
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

void sqlite_journal::saw_id(std::int64_t crm_client_id) {
    newest_id_ = std::max(newest_id_.value_or(0), crm_client_id);
    session_.change("UPDATE self SET newest_id = ?", *newest_id_);
}

// The account gave a new client this id.
void sqlite_journal::gave_id(std::int64_t crm_client_id, const std::string& key) {
    const auto before = newest_id_when_sent(key);
    if (ids_rise_ && before && crm_client_id <= *before) {
        ids_rise_ = false;
        session_.change("UPDATE self SET ids_rise = 0");
    }
    newest_id_ = std::max(newest_id_.value_or(0), crm_client_id);
}

void sqlite_journal::end_intent(const std::string& key) {
    if (const auto open = intents_.extract(key_hash(key))) {
        session_.change("DELETE FROM intent WHERE number = ?", open.mapped().number);
    }
}

void sqlite_journal::withdraw(const std::string& key) {
    end_intent(key);
}

void sqlite_journal::end_refusal(const fingerprint& hash) {
    if (refused_.erase(hash) > 0) {
        session_.change("DELETE FROM refusal WHERE key_hash = ?", blob{to_key_bytes(hash)});
    }
}

void sqlite_journal::end_unsettled(const fingerprint& hash) {
    if (const auto open = unsettled_.extract(hash)) {
        for (const std::int64_t number : open.mapped().numbers) {
            session_.change("DELETE FROM unsettled WHERE number = ?", number);
        }
    }
}

// The key's client from now on, known to be there. A key whose client was deleted may get another.
void sqlite_journal::write_client(const std::string& key, const known_client& client, std::int64_t created_run,
                                  wall_time now) {
    const fingerprint hash = key_hash(key);
    if (const auto before = directory_.find(hash)) {
        session_.change("DELETE FROM client WHERE crm_client_id = ?", std::abs(before->client));
    }
    session_.change("INSERT INTO client (crm_client_id, key, sent, created_run, changed_run, changed_at) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    client.crm_client_id, key, blob{encode_sent(client.sent)}, created_run, run_, seconds_of(now));
    directory_.put({hash, client.record_hash, client.crm_client_id});
    end_refusal(hash);
    end_unsettled(hash);
    end_intent(key);
}

void sqlite_journal::created(const std::string& key, const known_client& client, wall_time now) {
    gave_id(client.crm_client_id, key);
    write_client(key, client, run_, now);
}

void sqlite_journal::linked(const std::string& key, const known_client& client, wall_time now) {
    const auto sent = intents_.find(key_hash(key));
    write_client(key, client, sent == intents_.end() ? 0 : sent->second.run, now);
    absent(key_hash(key));
}

void sqlite_journal::unsettled(const std::string& key, const std::vector<field_code>& fields) {
    const fingerprint hash = key_hash(key);
    if (!directory_.find(hash)) {
        return;
    }
    std::string codes;
    for (const field_code field : fields) {
        append_big_endian(codes, static_cast<std::uint32_t>(field), 4);
    }
    session_.change("INSERT INTO unsettled (number, key, run, fields) VALUES (?, ?, ?, ?)", ++last_unsettled_, key,
                    run_, blob{std::move(codes)});
    unsettled_fields& open = unsettled_[hash];
    open.numbers.push_back(last_unsettled_);
    open.fields.insert(fields.begin(), fields.end());
    open.run = run_;
}

void sqlite_journal::update_client(std::int64_t crm_client_id, const sent_fields& sent, std::int64_t changed_run) {
    session_.change("UPDATE client SET sent = ?, changed_run = max(changed_run, ?) WHERE crm_client_id = ?",
                    blob{encode_sent(sent)}, changed_run, crm_client_id);
}

// What nobody has answered is not known, from now on in the client's own row.
void sqlite_journal::settle_as_unknown(const fingerprint& hash, std::int64_t crm_client_id) {
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

void sqlite_journal::reinstated(const std::string& key, const sent_fields& sent, content_hash record_hash) {
    const fingerprint hash = key_hash(key);
    if (const auto row = directory_.find(hash)) {
        update_client(std::abs(row->client), sent, 0);
        directory_.put({hash, record_hash, row->client});
        end_unsettled(hash);
    }
}

void sqlite_journal::deleted(const std::string& key, wall_time now) {
    const fingerprint hash = key_hash(key);
    if (const auto row = directory_.find(hash)) {
        const std::int64_t id = std::abs(row->client);
        settle_as_unknown(hash, id);
        session_.change("UPDATE client SET deleted_at = ? WHERE crm_client_id = ?", milliseconds_of(now), id);
        directory_.put({hash, row->record, -id});
    }
}

void sqlite_journal::updated(const std::string& key, const known_client& client, wall_time now) {
    const fingerprint hash = key_hash(key);
    const auto before = find_client(hash, key);
    if (!before) {
        return;
    }
    sent_fields all = client.sent;
    all.insert(before->sent.begin(), before->sent.end());  // what this update sent stands
    if (client.crm_client_id != before->crm_client_id) {
        write_client(key, {client.crm_client_id, client.record_hash, all}, run_, now);
        return;
    }
    session_.change("UPDATE client SET sent = ?, changed_run = ?, changed_at = ?, deleted_at = NULL "
                    "WHERE crm_client_id = ?",
                    blob{encode_sent(all)}, run_, seconds_of(now), client.crm_client_id);
    directory_.put({hash, client.record_hash, client.crm_client_id});
    end_refusal(hash);
    end_unsettled(hash);
}

void sqlite_journal::refused(const std::string& key, const refusal& why, wall_time now) {
    const fingerprint hash = key_hash(key);
    session_.change(
        "INSERT INTO refusal (key_hash, key, record, run, at, code, message) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (key_hash) DO UPDATE SET record = excluded.record, run = excluded.run, at = excluded.at, "
        "code = excluded.code, message = excluded.message",
        blob{to_key_bytes(hash)}, key, why.record_hash.bits, run_, milliseconds_of(now), why.code, why.message);
    refused_.insert(hash);
    end_intent(key);
}

void sqlite_journal::refresh_hash(const std::string& key, content_hash record_hash) {
    const fingerprint hash = key_hash(key);
    if (const auto row = directory_.find(hash)) {
        settle_as_unknown(hash, std::abs(row->client));
        directory_.put({hash, record_hash, row->client});
    }
}

void sqlite_journal::back_up(const std::string& key, std::int64_t crm_client_id, const std::string& fields) {
    session_.change("INSERT OR REPLACE INTO backup (run, key_hash, crm_client_id, fields) VALUES (?, ?, ?, ?)", run_,
                    blob{to_key_bytes(key_hash(key))}, crm_client_id, fields);
}

void sqlite_journal::restored(const std::string& key, std::int64_t run) {
    session_.change("DELETE FROM backup WHERE run = ? AND key_hash = ?", run, blob{to_key_bytes(key_hash(key))});
}

void sqlite_journal::forget(const std::string& key) {
    const fingerprint hash = key_hash(key);
    if (newest_id_) {
        session_.change("UPDATE self SET newest_id = ?", *newest_id_);  // it may be that of this client
    }
    if (const auto row = directory_.find(hash)) {
        session_.change("DELETE FROM client WHERE crm_client_id = ?", std::abs(row->client));
        directory_.put({hash, {}, 0});
    }
    end_refusal(hash);
    end_unsettled(hash);
    const blob bytes{to_key_bytes(hash)};
    session_.change("DELETE FROM absent WHERE key_hash = ?", bytes);
    session_.change("DELETE FROM status_before WHERE key_hash = ?", bytes);
    session_.change("DELETE FROM backup WHERE key_hash = ?", bytes);
}

void sqlite_journal::absent(const fingerprint& key) {
    session_.change("INSERT OR REPLACE INTO absent (key_hash, run) VALUES (?, ?)", blob{to_key_bytes(key)}, run_);
}

void sqlite_journal::status_before_missing(const std::string& key, std::optional<std::int64_t> status) {
    const blob hash{to_key_bytes(key_hash(key))};
    if (status) {
        session_.change("INSERT OR REPLACE INTO status_before (key_hash, status) VALUES (?, ?)", hash, *status);
    } else {
        session_.change("DELETE FROM status_before WHERE key_hash = ?", hash);
    }
}

void sqlite_journal::present(const fingerprint& key) {
    session_.change("DELETE FROM absent WHERE key_hash = ?", blob{to_key_bytes(key)});
}

}  // namespace baseload
