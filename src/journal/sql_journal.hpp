#pragma once

#include "baseload/database/sql_session.hpp"
#include "baseload/journal/journal.hpp"
#include "id_ranges.hpp"
#include "key_directory.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace baseload {

// The journal over a database, whichever it is: the statements are the same, and what each engine has of its own (how
// it is opened and held, how its tables are made) is in a class of its own. A run appends: clients by their rising ids,
// intents and unsettled updates by their number, changes of the directory to its log; so each row dirties pages that
// the rows before it have dirtied too. An object for reading sees the journal as it was when it was opened.
class sql_journal : public journal {
public:
    sql_journal(const sql_journal&) = delete;
    sql_journal& operator=(const sql_journal&) = delete;

    // Throws command_error(usage) for one that has sent something, and belongs to another account or has other keys.
    void hold_against(const journal_owner& owner);

    std::uint64_t client_count() override;
    void each_key(const std::function<void(const known_key&)>& visit) override;
    std::optional<journal_entry> find(const std::string& key) override;
    std::vector<std::optional<journal_entry>> find_all(std::span<const std::string> keys) override;
    std::vector<std::string> doubtful_keys() override;
    std::vector<create_elsewhere> creates_elsewhere() override;
    std::optional<intent> find_intent(const std::string& key) override;
    std::optional<std::string> key_of_client(std::int64_t crm_client_id) override;
    std::optional<std::string> claim_client(std::int64_t crm_client_id) override;
    std::optional<std::uint64_t> last_full_records() override;
    std::int64_t last_full_run() override;
    std::vector<run_record> runs() override;
    [[nodiscard]] run_details details_of(std::int64_t run) override;
    void each_entry(const std::function<void(const exported_entry&)>& visit) override;
    std::vector<run_client> created_by(std::int64_t run) override;
    std::vector<run_client> backed_up_by(std::int64_t run) override;
    std::vector<std::string> doubtful_keys_of(std::int64_t run) override;
    void each_absent(const std::function<void(const fingerprint&)>& visit) override;
    std::optional<run_client> client_of(const fingerprint& key) override;
    std::int64_t begin_run(const std::string& source, wall_time now) override;
    void end_run(const run_summary& summary) override;
    void intend(const intent& i, wall_time now) override;
    void withdraw(const std::string& key) override;
    void created(const std::string& key, const known_client& client, wall_time now) override;
    void linked(const std::string& key, const known_client& client, wall_time now) override;
    void updated(const std::string& key, const known_client& client, wall_time now) override;
    void refused(const std::string& key, const refusal& why, wall_time now) override;
    void refresh_hash(const std::string& key, content_hash record_hash) override;
    void deleted(const std::string& key, wall_time now) override;
    void back_up(const std::string& key, std::int64_t crm_client_id, const std::string& fields) override;
    void restored(const std::string& key, std::int64_t run) override;
    void forget(const std::string& key) override;
    void unsettled(const std::string& key, const std::vector<field_code>& fields) override;
    void reinstated(const std::string& key, const sent_fields& sent, content_hash record_hash) override;
    std::vector<std::pair<std::string, known_client>> sample_clients(std::size_t count) override;
    std::optional<std::int64_t> newest_id() override;
    void saw_id(std::int64_t crm_client_id) override;
    bool ids_rise() override { return ids_rise_; }
    void absent(const fingerprint& key) override;
    void status_before_missing(const std::string& key, std::optional<std::int64_t> status) override;
    void present(const fingerprint& key) override;
    void undone(std::int64_t run, wall_time now) override;
    void remember(const std::string& name, const std::string& text) override;
    std::optional<std::string> recalled(const std::string& name) override;
    void commit() override;
    void commit_then(std::function<void()> durable) override;
    bool is_committed() override;
    void rollback() override;
    const std::string& id() const override { return id_; }
    std::uint64_t sessions_found() const override;
    std::uint64_t sessions() const override { return sessions_; }
    bool has_lost_its_log() const override { return has_lost_its_log_; }
    bool may_lack_clients() const override { return may_lack_clients_; }
    void begin_session(std::uint64_t at_least) override;
    void end_session() override;
    void advance_session() override;
    void take_as_whole() override;
    bool has_history() override;
    void mark_linked() override;
    token_mark marked_token() override;
    void mark_token(const token_mark& mark) override;
    std::optional<sending_mark> last_sending() override;
    void mark_sending(const sending_mark& mark) override;

    std::optional<std::int64_t> newest_id_when_sent(const std::string& key) override;

protected:
    // `option`: of [journal], that names the journal's place.
    // `part`: whose keys alone this run sends; creates and updates under way of other shards are none of its own.
    sql_journal(sql_session& session, const char* option, const shard& part = {})
        : session_(session), option_(option), part_(part), directory_(session) {}

    // Once the tables are there.
    void read();
    // A run that another shard has begun, or this one.
    void take_part_in(std::int64_t run) { run_ = run; }
    [[nodiscard]] std::int64_t run() const { return run_; }
    // The other shards have ended: all keys are this run's, as they have left them.
    void take_whole();
    // What is known of clients changes with the transaction that is open.
    virtual void note_change() {}
    // Makes the journal the owner's: a new one, one that never sent, and one whose columns are called otherwise.
    void bind_to(const journal_owner& owner);
    void end_open_session() noexcept;
    void lost_its_log() { has_lost_its_log_ = true; }
    void lacks_clients() { may_lack_clients_ = true; }

private:
    // A create under way or in doubt; what it sent stays on the disk.
    struct open_intent {
        std::int64_t number = 0;  // its row
        std::string key;
        std::int64_t run = 0;
        std::uint64_t line = 0;
        std::int64_t at = 0;
        std::optional<std::int64_t> newest_id;
        bool is_ahead = false;
    };
    // Updates under way, or without an answer: these fields are unknown.
    struct unsettled_fields {
        std::vector<std::int64_t> numbers;  // their rows
        std::set<field_code> fields;
        std::int64_t run = 0;  // the last one
    };
    // What the table of clients has of one.
    struct client_row {
        std::string key;
        sent_fields sent;
        std::int64_t created_run = 0;
        std::int64_t changed_run = 0;
        bool is_deleted = false;
    };
    struct upper_half {
        std::size_t operator()(const fingerprint& key) const { return key.high; }
    };
    template <class Value>
    using by_key = std::unordered_map<fingerprint, Value, upper_half>;

    void read_identity();
    void read_newest_id();
    void read_sessions();
    [[nodiscard]] bool has_never_sent();
    void refuse_half_copy();
    void read_what_is_open();
    void read_intents();
    void read_unsettled();
    void read_refused();
    void flush();
    void call_back();
    void fold_log();
    [[nodiscard]] bool is_fold_due();
    void keep_newest_id();
    [[nodiscard]] std::int64_t number_after(std::int64_t last) const;
    void gave_id(std::int64_t crm_client_id, const std::string& key);
    [[nodiscard]] static client_row client_in(sql_rows& s);
    [[nodiscard]] std::optional<client_row> read_client(std::int64_t crm_client_id);
    const client_row& keep_client(std::int64_t crm_client_id, client_row row);
    [[nodiscard]] known_client known(const key_row& row, std::optional<client_row> stored, const std::string& key);
    [[nodiscard]] std::optional<journal_entry> entry_of(const fingerprint& hash, std::optional<known_client> client);
    [[nodiscard]] std::optional<known_client> find_client(const fingerprint& hash, const std::string& key);
    void write_client(const std::string& key, const known_client& client, std::int64_t created_run, wall_time now);
    void update_client(std::int64_t crm_client_id, const sent_fields& sent, std::int64_t changed_run);
    // A change of the client's row.
    template <class... Values>
    void change_client(std::int64_t crm_client_id, const char* sql, const Values&... values) {
        clients_read_.erase(crm_client_id);
        session_.change(sql, values...);
    }
    void end_intent(const std::string& key);
    void end_refusal(const fingerprint& hash);
    void end_unsettled(const fingerprint& hash);
    void settle_as_unknown(const fingerprint& hash, std::int64_t crm_client_id);

    sql_session& session_;
    const char* option_;
    shard part_;
    std::function<void()> durable_;  // of commit_then(); blank when nothing is under way
    key_directory directory_;
    std::int64_t run_ = 0;
    std::string id_;
    std::uint64_t sessions_found_ = 0;
    std::uint64_t sessions_ = 0;
    bool has_lost_its_log_ = false;
    bool may_lack_clients_ = false;
    bool in_session_ = false;
    std::optional<std::int64_t> newest_id_;
    bool ids_rise_ = true;
    // Which ids may have a client's row: none above the first but the second, which no rollback makes smaller.
    std::int64_t last_client_found_ = 0;
    id_ranges clients_added_;
    // As the table has them. Whoever changes a row takes it out.
    std::unordered_map<std::int64_t, client_row> clients_read_;
    // Also on the disk: few, and asked for with every row.
    by_key<open_intent> intents_;
    by_key<unsettled_fields> unsettled_;
    std::unordered_set<fingerprint, upper_half> refused_;
    std::int64_t last_intent_ = 0;  // the highest row numbers so far
    std::int64_t last_unsettled_ = 0;
};

}  // namespace baseload
