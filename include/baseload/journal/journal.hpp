#pragma once

#include "baseload/core/entry.hpp"
#include "baseload/core/summary.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

// A create that is about to leave.
struct intent {
    std::string key;
    std::uint64_t line = 0;  // in its source
    std::string parameters;  // what is sent, as JSON: a look-up compares with it
    std::int64_t run = 0;    // that sent it; intend() fills in its own
};

// A client that a run created or updated.
struct run_client {
    std::string key;
    std::int64_t crm_client_id = 0;
    std::int64_t changed_run = 0;  // the last run that sent something of it, or backed it up
    std::string backup;            // of an update: the fields as they were before, as JSON
};

// One row of `runs`. Without `code` the run was killed, or is under way.
struct run_record {
    run_summary summary;
    std::int64_t pid = 0;
    bool ended = false;
    bool undone = false;  // wholly
};

// One row of `export`.
struct exported_entry {
    std::string key;
    std::string state;  // "linked", "deleted", "in doubt", "refused"
    std::optional<std::int64_t> crm_client_id;
    wall_time changed{};
    std::string note;  // of a refusal: the server's words
};

// The durable memory of one account: which key is which client, what was last sent, what
// is in doubt, and the history of runs. Not thread-safe. What cannot be written or read
// throws stop(stopped).
//
// Changes gather in a transaction; they are durable when commit() returns, and lost
// together if the machine stops before.
class journal {
public:
    virtual ~journal() = default;

    [[nodiscard]] virtual std::uint64_t client_count() = 0;

    // Each key that find() finds something for: its hash (key_hash), the fingerprint of its
    // client's record, and whether the account has one; without one the fingerprint is zero. A key
    // may come twice: the last time tells.
    virtual void
    each_key(const std::function<void(const fingerprint& key, const fingerprint& record, bool has_client)>& visit) = 0;

    [[nodiscard]] virtual std::optional<entry> find(const std::string& key) = 0;
    [[nodiscard]] virtual std::vector<std::string> doubtful_keys() = 0;
    [[nodiscard]] virtual std::optional<intent> find_intent(const std::string& key) = 0;

    // Whose client it is.
    [[nodiscard]] virtual std::optional<std::string> key_of_client(std::int64_t crm_client_id) = 0;

    // How many records the last run read that came to its end and was no part of a source;
    // nothing before the first.
    [[nodiscard]] virtual std::optional<std::uint64_t> last_full_records() = 0;
    [[nodiscard]] virtual std::vector<run_record> runs() = 0;
    virtual void each_entry(const std::function<void(const exported_entry&)>& visit) = 0;

    // The clients that a run created, and that are still in the account; and those whose fields
    // it read before it updated them.
    [[nodiscard]] virtual std::vector<run_client> created_by(std::int64_t run) = 0;
    [[nodiscard]] virtual std::vector<run_client> backed_up_by(std::int64_t run) = 0;
    [[nodiscard]] virtual std::vector<std::string> doubtful_keys_of(std::int64_t run) = 0;

    // Keys with a client that the last full run did not have: their hashes.
    virtual void each_absent(const std::function<void(const fingerprint& key)>& visit) = 0;
    // The key and the client behind a hash; nothing when it has no client.
    [[nodiscard]] virtual std::optional<run_client> client_of(const fingerprint& key) = 0;

    // Returns the run's number. Durable at once; so is end_run.
    virtual std::int64_t begin_run(const std::string& source, wall_time now) = 0;
    virtual void end_run(const run_summary& summary) = 0;

    virtual void intend(const intent& i, wall_time now) = 0;
    virtual void withdraw(const std::string& key) = 0;  // an intent that surely never left
    virtual void created(const std::string& key, const known_client& client, wall_time now) = 0;
    // A client that the account has: found by a look-up, or named by a person. It counts as
    // created by the run of the key's intent, which it ends; without one, by no run. It is
    // absent() until present() is told otherwise.
    virtual void linked(const std::string& key, const known_client& client, wall_time now) = 0;
    // `client.sent` holds the fields of this update; others keep what was sent before.
    virtual void updated(const std::string& key, const known_client& client, wall_time now) = 0;
    virtual void refused(const std::string& key, const refusal& why, wall_time now) = 0;
    virtual void noted(const std::string& key, const fingerprint& record) = 0;
    // The account does not have the key's client any more.
    virtual void deleted(const std::string& key, wall_time now) = 0;

    // What a run is about to overwrite.
    virtual void back_up(const std::string& key, std::int64_t crm_client_id, const std::string& fields) = 0;
    virtual void restored(const std::string& key, std::int64_t run) = 0;  // its backup is not needed any more
    // As if the key had never been met.
    virtual void forget(const std::string& key) = 0;
    virtual void absent(const fingerprint& key) = 0;
    virtual void present(const fingerprint& key) = 0;
    virtual void undone(std::int64_t run, wall_time now) = 0;

    // A text kept for later under a name: what the account said of itself.
    virtual void remember(const std::string& name, const std::string& text) = 0;
    [[nodiscard]] virtual std::optional<std::string> recalled(const std::string& name) = 0;

    virtual void commit() = 0;
    virtual void rollback() = 0;  // gives up what was not committed
};

[[nodiscard]] inline fingerprint key_hash(const std::string& key) {
    return fingerprint_of(key);
}

// What a journal belongs to: one account, and one way to make a key of a row.
struct journal_owner {
    std::string url;
    std::string name;
    std::vector<std::string> key_columns;
    bool same_keys = false;  // the key columns are called otherwise now, and the keys are the same
};

// Opens the journal for a run, creating it when it is absent, and holds it against other
// runs until it is destroyed. Throws stop: journal_busy when another run holds it, usage
// when it belongs to another account or has other keys, comes from a newer version, or cannot be opened.
[[nodiscard]] std::unique_ptr<journal> open_journal(const std::filesystem::path& path, const journal_owner& owner);

// Opens an existing journal to look at, beside a run if need be. Throws stop(usage).
[[nodiscard]] std::unique_ptr<journal> open_journal_to_read(const std::filesystem::path& path);

}  // namespace baseload
