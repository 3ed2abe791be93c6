// What the journal is asked of clients.
#include "sql_journal.hpp"

#include "baseload/core/command_error.hpp"
#include "sent_codec.hpp"
#include "sql_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

namespace baseload {

std::uint64_t sql_journal::client_count() {
    return directory_.count();
}

// A deleted client is as good as none, and one with unknown fields as good as changed: its row is looked at anew.
void sql_journal::each_key(const std::function<void(const known_key&)>& visit) {
    // Keys with an intent or a refusal and no client must be visited too, or their rows would look new.
    by_key<bool> without_client;
    for (const auto& [key, open] : intents_) {
        without_client.emplace(key, true);
    }
    for (const fingerprint& key : refused_) {
        without_client.emplace(key, true);
    }
    directory_.each([&](const key_row& row) {
        without_client.erase(row.key);
        const bool is_known = row.client > 0 && !unsettled_.contains(row.key);
        visit({.key = row.key, .record_hash = is_known ? row.record : content_hash{}, .has_client = row.client > 0});
    });
    for (const auto& [key, is_without] : without_client) {
        visit({.key = key, .record_hash = {}, .has_client = false});
    }
    session_.forget_pages();
}

namespace {

constexpr const char* select_client =
    "SELECT key, sent, created_run, changed_run, deleted_at FROM client WHERE crm_client_id = ?";
constexpr const char* select_status_before = "SELECT status FROM status_before WHERE key_hash = ?";

}  // namespace

sql_journal::client_row sql_journal::client_in(sql_rows& s) {
    return {.key = s.text(0),
            .sent = decode_sent(s.bytes(1)),
            .created_run = s.integer(2),
            .changed_run = s.integer(3),
            .is_deleted = !s.is_null(4)};
}

std::optional<sql_journal::client_row> sql_journal::read_client(std::int64_t crm_client_id) {
    if (const auto known = clients_read_.find(crm_client_id); known != clients_read_.end()) {
        return known->second;
    }
    sql_rows s = session_.query(select_client, crm_client_id);
    if (!s.next()) {
        return std::nullopt;
    }
    return keep_client(crm_client_id, client_in(s));
}

// About 4 MiB: who is about to update a client asks for it again when the answer is there.
const sql_journal::client_row& sql_journal::keep_client(std::int64_t crm_client_id, client_row row) {
    constexpr std::size_t max_kept = 4'096;
    if (clients_read_.size() >= max_kept) {
        clients_read_.clear();
    }
    return clients_read_.insert_or_assign(crm_client_id, std::move(row)).first->second;
}

std::optional<known_client> sql_journal::find_client(const fingerprint& hash, const std::string& key) {
    const auto row = directory_.find(hash);
    return row ? std::optional(known(*row, read_client(std::abs(row->client)), key)) : std::nullopt;
}

// What the directory and the client's own row say together.
known_client sql_journal::known(const key_row& row, std::optional<client_row> stored, const std::string& key) {
    // Both are written in one transaction, so only damage can part them.
    if (!stored) {
        throw command_error(
            exit_code::stopped,
            fmt::format("the journal {} has no client {} for {}; it is damaged: restore it from a backup",
                        session_.place(), std::abs(row.client), key));
    }
    // The whole key is compared, since the directory has 96 bits of its hash only. The second of two such keys is
    // refused, and never takes the client of the first.
    if (stored->key != key) {
        throw command_error(exit_code::stopped,
                            fmt::format("the keys {} and {} have one hash; change one of them", stored->key, key));
    }
    known_client client{.crm_client_id = std::abs(row.client),
                        .record_hash = row.record,
                        .sent = std::move(stored->sent),
                        .deleted = row.client < 0};
    if (const auto open = unsettled_.find(row.key); open != unsettled_.end()) {
        // Zero is no record's hash (but for one in 2^64), so the row counts as changed and is planned again.
        client.record_hash = {};
        for (const field_code field : open->second.fields) {
            client.sent.erase(field);
        }
    }
    return client;
}

// But for the status that the key's client had before it was missing. Nothing for a key that was never seen.
std::optional<journal_entry> sql_journal::entry_of(const fingerprint& hash, std::optional<known_client> client) {
    journal_entry e;
    e.client = std::move(client);
    e.in_doubt = intents_.contains(hash);
    const bool is_refused = refused_.contains(hash);
    if (!e.client && !e.in_doubt && !is_refused) {
        return std::nullopt;
    }
    if (is_refused) {
        sql_rows refused = session_.query("SELECT record, code, message FROM refusal WHERE key_hash = ?",
                                          sql_bytes{to_key_bytes(hash)});
        if (refused.next()) {
            e.refused = refusal{{static_cast<std::uint64_t>(refused.integer(0))}, refused.text(1), refused.text(2)};
        }
    }
    return e;
}

std::optional<journal_entry> sql_journal::find(const std::string& key) {
    const fingerprint hash = key_hash(key);
    std::optional<journal_entry> e = entry_of(hash, find_client(hash, key));
    if (e) {
        sql_rows before = session_.query(select_status_before, sql_bytes{to_key_bytes(hash)});
        if (before.next()) {
            e->status_before_missing = before.integer(0);
        }
    }
    return e;
}

// Three round trips, however many keys.
std::vector<std::optional<journal_entry>> sql_journal::find_all(std::span<const std::string> keys) {
    std::vector<fingerprint> hashes;
    for (const std::string& key : keys) {
        hashes.push_back(key_hash(key));
    }
    const std::vector<std::optional<key_row>> rows = directory_.find_all(hashes);
    std::vector<std::size_t> asked;
    std::vector<sql_value> ids;
    std::vector<std::optional<client_row>> clients(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const std::int64_t id = rows[i] ? std::abs(rows[i]->client) : 0;
        if (const auto known = clients_read_.find(id); known != clients_read_.end()) {
            clients[i] = known->second;
        } else if (rows[i]) {
            asked.push_back(i);
            ids.emplace_back(id);
        }
    }
    session_.query_each(select_client, ids, [&](std::size_t i, sql_rows& row) {
        clients[asked[i]] = keep_client(std::abs(rows[asked[i]]->client), client_in(row));
    });

    std::vector<std::optional<journal_entry>> entries;
    std::vector<std::size_t> known_keys;
    std::vector<std::string> known_hashes;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        entries.push_back(entry_of(hashes[i], rows[i] ? std::optional(known(*rows[i], std::move(clients[i]), keys[i]))
                                                      : std::nullopt));
        if (entries.back()) {
            known_keys.push_back(i);
            known_hashes.push_back(to_key_bytes(hashes[i]));
        }
    }
    std::vector<sql_value> values;
    for (const std::string& bytes : known_hashes) {
        values.emplace_back(sql_bytes{bytes});
    }
    session_.query_each(select_status_before, values, [&](std::size_t i, sql_rows& row) {
        entries[known_keys[i]]->status_before_missing = row.integer(0);
    });
    return entries;
}

std::vector<std::string> sql_journal::doubtful_keys() {
    std::vector<std::pair<std::int64_t, std::string>> by_time;
    for (const auto& [hash, open] : intents_) {
        // The oldest first; the key breaks ties, so that two calls give one order.
        by_time.emplace_back(open.at, open.key);
    }
    std::sort(by_time.begin(), by_time.end());
    std::vector<std::string> keys;
    for (auto& [at, key] : by_time) {
        keys.push_back(std::move(key));
    }
    return keys;
}

std::vector<std::string> sql_journal::doubtful_keys_of(std::int64_t run) {
    std::vector<std::string> keys;
    for (const auto& [hash, open] : intents_) {
        if (open.run == run) {
            keys.push_back(open.key);
        }
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

std::vector<create_elsewhere> sql_journal::creates_elsewhere() {
    std::vector<create_elsewhere> sent;
    if (!part_.is_whole()) {
        sql_rows s = session_.query("SELECT key, parameters FROM intent WHERE ahead = 0");
        while (s.next()) {
            if (const std::uint32_t other = part_.number_of_key(s.text(0)); other != part_.number) {
                sent.push_back({.parameters = s.text(1), .goes_first = other < part_.number});
            }
        }
    }
    return sent;
}

std::optional<intent> sql_journal::find_intent(const std::string& key) {
    if (!part_.is_whole()) {
        // Another shard may have seen a new client with a low id.
        sql_rows self = session_.query("SELECT ids_rise FROM self");
        ids_rise_ = ids_rise_ && self.next() && self.integer(0) != 0;
    }
    const auto open = intents_.find(key_hash(key));
    if (open == intents_.end()) {
        return std::nullopt;
    }
    sql_rows s = session_.query("SELECT parameters FROM intent WHERE number = ?", open->second.number);
    static_cast<void>(s.next());
    intent found{.key = key,
                 .line = open->second.line,
                 .parameters = s.text(0),
                 .run = open->second.run,
                 .newest_id = newest_id_when_sent(key),
                 .is_ahead = open->second.is_ahead};
    return found;
}

std::optional<std::int64_t> sql_journal::newest_id_when_sent(const std::string& key) {
    const auto open = intents_.find(key_hash(key));
    // Once ids are known not to rise, what older intents have noted proves nothing either.
    return open == intents_.end() || !ids_rise_ ? std::nullopt : open->second.newest_id;
}

std::optional<std::string> sql_journal::key_of_client(std::int64_t crm_client_id) {
    // Most are asked for when the account has just given them, and a query for each would wait for a database.
    if (part_.is_whole() && crm_client_id > last_client_found_ && !clients_added_.contains(crm_client_id)) {
        return std::nullopt;
    }
    sql_rows s = session_.query("SELECT key FROM client WHERE crm_client_id = ?", crm_client_id);
    std::optional<std::string> key;
    if (s.next()) {
        key = s.text(0);
    }
    return key;
}

std::optional<std::string> sql_journal::claim_client(std::int64_t crm_client_id) {
    if (!part_.is_whole()) {
        session_.change("UPDATE self SET one = one");  // one shard at a time, to its commit
    }
    return key_of_client(crm_client_id);
}

void sql_journal::each_entry(const std::function<void(const exported_entry&)>& visit) {
    sql_rows s =
        session_.query("SELECT key, CASE WHEN deleted_at IS NULL THEN 'linked' ELSE 'deleted' END, crm_client_id, "
                       "coalesce(deleted_at, changed_at * 1000), '' FROM client "
                       "UNION ALL SELECT key, 'in doubt', NULL, at, '' FROM intent "
                       "UNION ALL SELECT key, 'refused', NULL, at, code || ': ' || message FROM refusal "
                       // The database sorts here and not the program: an export of millions of rows must not be held in
                       // memory.
                       "ORDER BY 1, 2");
    while (s.next()) {
        exported_entry e;
        e.key = s.text(0);
        e.state = s.text(1);
        if (!s.is_null(2)) {
            e.crm_client_id = s.integer(2);
        }
        e.changed = wall_time_of(s.integer(3));
        e.note = s.text(4);
        visit(e);
    }
}

std::vector<std::pair<std::string, known_client>> sql_journal::sample_clients(std::size_t count) {
    std::vector<std::string> keys;
    {
        sql_rows s = session_.query(
            "SELECT key FROM (SELECT * FROM (SELECT key, crm_client_id FROM client WHERE deleted_at IS NULL "
            "ORDER BY crm_client_id DESC LIMIT ?) AS newest UNION SELECT * FROM (SELECT key, crm_client_id FROM client "
            "WHERE deleted_at IS NULL ORDER BY crm_client_id LIMIT ?) AS oldest) AS both_ends "
            "ORDER BY crm_client_id DESC",
            static_cast<std::int64_t>(count - count / 2), static_cast<std::int64_t>(count / 2));
        while (s.next()) {
            keys.push_back(s.text(0));
        }
    }
    std::vector<std::pair<std::string, known_client>> found;
    for (const std::string& key : keys) {
        if (auto client = find_client(key_hash(key), key)) {
            found.emplace_back(key, std::move(*client));
        }
    }
    return found;
}

std::vector<run_client> sql_journal::created_by(std::int64_t run) {
    std::vector<run_client> found;
    sql_rows s = session_.query("SELECT key, crm_client_id, changed_run FROM client "
                                "WHERE created_run = ? AND deleted_at IS NULL ORDER BY key",
                                run);
    while (s.next()) {
        found.push_back({s.text(0), s.integer(1), s.integer(2), {}, run});
    }
    return found;
}

std::vector<run_client> sql_journal::backed_up_by(std::int64_t run) {
    std::vector<run_client> found;
    std::vector<fingerprint> keys;
    // A backup counts as a change of its run, even if the update was never answered: undo must not take back what a
    // later run has overwritten.
    std::map<fingerprint, std::int64_t> last_backups;
    {
        sql_rows s = session_.query("SELECT key_hash, crm_client_id, fields FROM backup WHERE run = ?", run);
        while (s.next()) {
            keys.push_back(key_from_bytes(s.bytes(0).data()));
            found.push_back({{}, s.integer(1), 0, s.text(2), 0});
        }
    }
    {
        sql_rows last = session_.query("SELECT key_hash, max(run) FROM backup GROUP BY key_hash");
        while (last.next()) {
            last_backups.emplace(key_from_bytes(last.bytes(0).data()), last.integer(1));
        }
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (const auto client = client_of(keys[i])) {
            found[i].key = client->key;
            found[i].changed_run = std::max(client->changed_run, last_backups[keys[i]]);
        }
    }
    // Keys that were forgotten since have no client to give anything back to.
    std::erase_if(found, [](const run_client& client) { return client.key.empty(); });
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    return found;
}

void sql_journal::each_absent(const std::function<void(const fingerprint&)>& visit) {
    sql_rows s = session_.query("SELECT key_hash FROM absent");
    while (s.next()) {
        visit(key_from_bytes(s.bytes(0).data()));
    }
}

std::optional<run_client> sql_journal::client_of(const fingerprint& key) {
    const auto row = directory_.find(key);
    const auto client = row ? read_client(std::abs(row->client)) : std::nullopt;
    if (!client) {
        return std::nullopt;
    }
    const auto open = unsettled_.find(key);
    return run_client{.key = client->key,
                      .crm_client_id = std::abs(row->client),
                      .changed_run = std::max(client->changed_run, open == unsettled_.end() ? 0 : open->second.run),
                      .backup = {},
                      .created_run = client->created_run};
}

}  // namespace baseload
