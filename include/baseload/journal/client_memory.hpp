#pragma once

#include "baseload/core/journal_entry.hpp"
#include "baseload/core/wall_clock.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace baseload {

// A create that is about to leave.
struct intent {
    std::string key;
    std::uint64_t line = 0;  // in its source
    std::string parameters;  // what is sent, as JSON: a look-up compares with it
    std::int64_t run = 0;    // that sent it; intend() fills in its own
    // The highest id that the account was known to have given when it left; intend() fills it in. Nothing when none was
    // known, or when ids are known not to rise.
    std::optional<std::int64_t> newest_id = {};
    bool is_ahead = false;  // it is looked up before it leaves, and has not left
};

// A client that a run created or updated.
struct run_client {
    std::string key;
    std::int64_t crm_client_id = 0;
    std::int64_t changed_run = 0;  // the last run that sent something of it, or backed it up
    std::string backup;            // of an update: the fields as they were before, as JSON
    std::int64_t created_run = 0;  // of client_of(): 0 when no run created it
};

// What every row of a rerun needs of a key that find() finds something for.
struct known_key {
    fingerprint key;           // key_hash
    content_hash record_hash;  // of its client's record; zero when it has no client, or a deleted one
    bool has_client = false;   // which the account has
};

// One row of `export`.
struct exported_entry {
    std::string key;
    std::string state;  // "linked", "deleted", "in doubt", "refused"
    std::optional<std::int64_t> crm_client_id;
    wall_time changed{};
    std::string note;  // of a refusal: the server's words
};

// 96 bits of a fingerprint (the rest is zero), which is what journals keep of a key: that two of ten million keys share
// one has a chance of one in 10^15, and then the second is refused.
[[nodiscard]] inline fingerprint key_hash(std::string_view key) {
    constexpr std::uint64_t upper_half = 0xFFFF'FFFF'0000'0000U;
    const fingerprint whole = fingerprint_of(key);
    return {whole.high, whole.low & upper_half};
}

// A create of another shard.
struct create_elsewhere {
    std::string parameters;   // as it was sent
    bool goes_first = false;  // its shard has a lower number: where both wait for each other, it goes on
};

// The journal's first role: which key is which client, what was last sent, and what is in doubt. Not thread-safe. What
// cannot be read or written throws command_error(stopped); a change is durable once its journal has committed.
class client_memory {
public:
    virtual ~client_memory() = default;

    // At least as many as there are.
    [[nodiscard]] virtual std::uint64_t client_count() = 0;

    // Each key once, in no order.
    virtual void each_key(const std::function<void(const known_key&)>& visit) = 0;

    [[nodiscard]] virtual std::optional<journal_entry> find(const std::string& key) = 0;
    // The same for many keys at once, in their order: one round trip for an engine behind a network.
    [[nodiscard]] virtual std::vector<std::optional<journal_entry>> find_all(std::span<const std::string> keys) = 0;

    [[nodiscard]] virtual std::vector<std::string> doubtful_keys() = 0;
    [[nodiscard]] virtual std::vector<std::string> doubtful_keys_of(std::int64_t run) = 0;
    [[nodiscard]] virtual std::optional<intent> find_intent(const std::string& key) = 0;
    // The creates that other shards of the run have under way or in doubt by now.
    [[nodiscard]] virtual std::vector<create_elsewhere> creates_elsewhere() = 0;

    // The newest id that was known when the key's create left; nothing without an intent, or where none was known.
    [[nodiscard]] virtual std::optional<std::int64_t> newest_id_when_sent(const std::string& key) = 0;

    // Some of its clients, at most `count`, the newest and the oldest, each with its key: to recognise the account by.
    [[nodiscard]] virtual std::vector<std::pair<std::string, known_client>> sample_clients(std::size_t count) = 0;

    // The highest id that the account is known to have given: 0 when it is known to have given none.
    [[nodiscard]] virtual std::optional<std::int64_t> newest_id() = 0;
    // The account has a client with this id, or (0) none at all.
    virtual void saw_id(std::int64_t crm_client_id) = 0;
    // False once a new client had a lower id than one that was known before: then no id tells old from new.
    [[nodiscard]] virtual bool ids_rise() = 0;

    // Whose client it is.
    [[nodiscard]] virtual std::optional<std::string> key_of_client(std::int64_t crm_client_id) = 0;
    // The same, for who is about to link it: nobody else links a client until the next commit.
    [[nodiscard]] virtual std::optional<std::string> claim_client(std::int64_t crm_client_id) = 0;
    // The key and the client behind a hash; nothing when it has no client.
    [[nodiscard]] virtual std::optional<run_client> client_of(const fingerprint& key) = 0;

    // The clients that a run created, and that are still in the account; and those whose fields
    // it read before it updated them.
    [[nodiscard]] virtual std::vector<run_client> created_by(std::int64_t run) = 0;
    [[nodiscard]] virtual std::vector<run_client> backed_up_by(std::int64_t run) = 0;

    // Keys with a client that the last full run did not have: their hashes.
    virtual void each_absent(const std::function<void(const fingerprint& key)>& visit) = 0;

    // In the order of the keys.
    virtual void each_entry(const std::function<void(const exported_entry&)>& visit) = 0;

    virtual void intend(const intent& i, wall_time now) = 0;
    virtual void withdraw(const std::string& key) = 0;  // an intent that surely never left
    virtual void created(const std::string& key, const known_client& client, wall_time now) = 0;
    // A client that the account has: found by a look-up, or named by a person. It counts as
    // created by the run of the key's intent, which it ends; without one, by no run. It is
    // absent() until present() says otherwise.
    virtual void linked(const std::string& key, const known_client& client, wall_time now) = 0;
    // `client.sent` holds the fields of this update; others keep what was sent before.
    virtual void updated(const std::string& key, const known_client& client, wall_time now) = 0;
    // An update of these fields is about to leave: what the account has of them is unknown until updated() or
    // reinstated() says it. An unknown field is as one that was never sent.
    virtual void unsettled(const std::string& key, const std::vector<field_code>& fields) = 0;
    // It surely was not carried out: these are as they were.
    virtual void reinstated(const std::string& key, const sent_fields& sent, content_hash record_hash) = 0;
    virtual void refused(const std::string& key, const refusal& why, wall_time now) = 0;
    virtual void refresh_hash(const std::string& key, content_hash record_hash) = 0;
    // The account does not have the key's client any more.
    virtual void deleted(const std::string& key, wall_time now) = 0;

    // What a run is about to overwrite.
    virtual void back_up(const std::string& key, std::int64_t crm_client_id, const std::string& fields) = 0;
    virtual void restored(const std::string& key, std::int64_t run) = 0;  // its backup is not needed any more
    // As if the key had never been seen.
    virtual void forget(const std::string& key) = 0;
    virtual void absent(const fingerprint& key) = 0;
    virtual void present(const fingerprint& key) = 0;
    // Which status the key's client had before it was given that of missing ones; nothing: it has it back, or another.
    virtual void status_before_missing(const std::string& key, std::optional<std::int64_t> status) = 0;
};

}  // namespace baseload
