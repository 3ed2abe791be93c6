#include "account_store.hpp"
#include "baseload/core/fingerprint.hpp"
#include "baseload/core/termination.hpp"
#include "baseload/database/postgres_schema.hpp"
#include "baseload/database/postgres_session.hpp"
#include "baseload/database/server_wait.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <thread>

namespace baseload {
namespace {

// How long a database may take for an answer, and how often it is asked again where it cannot be reached.
constexpr std::chrono::milliseconds answer_within{10'000};
constexpr std::chrono::milliseconds between_attempts{500};
// Between two looks at the database's clock and this machine's; beyond it one of them was set, or stood still.
constexpr std::chrono::milliseconds max_drift{2000};

// What a database may have lost that has taken another's place: the service counts for a minute.
constexpr boot_clock::duration forgotten_after = std::chrono::seconds(61);

// As in a file (account_file.cpp); but all times are by the database's clock, so both of each are the same.
constexpr const char* first_tables = R"sql(
CREATE TABLE slot (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, boot TEXT NOT NULL,
    free_at BIGINT NOT NULL, free_at_wall BIGINT NOT NULL);
CREATE TABLE block (one BIGINT PRIMARY KEY CHECK (one = 1), boot TEXT NOT NULL, until BIGINT NOT NULL,
    until_wall BIGINT NOT NULL);
CREATE TABLE share (one BIGINT PRIMARY KEY CHECK (one = 1), boot TEXT NOT NULL, share DOUBLE PRECISION NOT NULL,
    since BIGINT NOT NULL, since_wall BIGINT NOT NULL);
CREATE TABLE identity (one BIGINT PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, steps BIGINT NOT NULL DEFAULT 0);
CREATE TABLE journal (id TEXT COLLATE "C" PRIMARY KEY, sessions BIGINT NOT NULL, path TEXT NOT NULL,
    used_at BIGINT NOT NULL);
CREATE TABLE replaced (id TEXT COLLATE "C" PRIMARY KEY, by_path TEXT NOT NULL);
INSERT INTO identity VALUES (1, replace(gen_random_uuid()::text, '-', ''));
)sql";

// Where the tables lie, and until when nothing is sent since they came there. It may be run again.
std::string added_tables() {
    return "ALTER TABLE identity ADD COLUMN IF NOT EXISTS place TEXT NOT NULL DEFAULT '';\n"
           "ALTER TABLE identity ADD COLUMN IF NOT EXISTS held_until BIGINT NOT NULL DEFAULT 0;\n" +
           function_of_place("account_place", "identity");
}

void prepare(postgres_connection& connection, const std::string& schema) {
    make_tables(connection, schema, "identity", first_tables + added_tables());
    const auto is_complete = [&] {
        return connection.number(
                   "SELECT count(*) FROM pg_attribute WHERE attrelid = 'identity'::regclass AND attname = "
                   "'held_until'") == 1;
    };
    if (!is_complete()) {
        in_transaction(connection, [&] {
            lock_schema(connection, schema);
            if (!is_complete()) {
                connection.run_script(added_tables());
            }
        });
    }
    // Before anything is sent: without them the first request would end the run.
    if (connection.number("SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND "
                          "relname IN ('slot', 'block', 'share', 'identity', 'journal', 'replaced') AND NOT "
                          "(has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, "
                          "'INSERT') AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))") >
        0) {
        throw postgres_error(database_failure::kind::no_rights, "permission denied for its tables");
    }
}

// The name says nothing of the account: it may have any characters, and be long.
postgres_place place_of(const account_database& where) {
    return {.url = where.url,
            .schema = fmt::format("baseload_account_{:016x}", fingerprint_of(where.account).high),
            .text = where.url};
}

// A schema of a database: one clock for all machines.
class account_tables final : public account_store {
public:
    account_tables(const account_database& where, boot_clock::duration max_slot)
        : account_store("database", max_slot), place_(place_of(where)) {
        {
            postgres_connection connection(place_, "baseload", postgres_connection::purpose::to_write, answer_within);
            prepare(connection, place_.schema);
        }
        open(std::make_unique<postgres_session>(place_, postgres_connection::purpose::to_write, answer_within,
                                                [this](const database_failure& failure) {
                                                    last_failure_ = failure.what;
                                                    throw_unusable(failure, remedy_on_server(failure.what));
                                                }));
    }

    [[nodiscard]] clock_point held_until() const override { return read(held_until_); }

private:
    // Each waits here for the one before. The clock is read afterwards, and this machine's before it: what is stored is
    // rather too late than too early.
    void lock() override {
        std::int64_t steps = 0;
        std::string place;
        bool is_another = false;
        bool is_first = false;
        {
            sql_rows locked =
                session().query("SELECT steps, held_until, place, account_place() FROM identity FOR UPDATE");
            if (!locked.next()) {
                throw_unusable(
                    {.what = database_failure::kind::damaged, .place = place_.text, .reason = "it has no identity"});
            }
            steps = locked.integer(0);
            held_until_ = locked.integer(1);
            place = locked.text(3);
            is_another = locked.text(2) != place;
            is_first = locked.text(2).empty();
        }
        const auto here = boot_clock::now();
        sql_rows clock = session().query("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)");
        static_cast<void>(clock.next());
        const boot_clock::duration ahead = boot_clock::duration(clock.integer(0)) - here.time_since_epoch();
        // Somebody has set the database's clock, or this machine stood still. The first that notices it moves what the
        // tables hold; the others find a step more.
        const boot_clock::duration step = ahead - this->ahead();
        if (is_measured_ && std::chrono::abs(step) > max_drift && steps == steps_) {
            session().change("UPDATE slot SET free_at = free_at + ?", std::int64_t{step.count()});
            session().change("UPDATE block SET until = until + ?", std::int64_t{step.count()});
            session().change("UPDATE share SET since = since + ?", std::int64_t{step.count()});
            held_until_ += step.count();
            session().change("UPDATE identity SET steps = ?, held_until = ?", ++steps, held_until_);
        }
        is_measured_ = true;
        steps_ = steps;
        set_ahead(ahead);
        if (is_another) {
            arrive_at(place, is_first, clock_point(boot_clock::duration(clock.integer(0))));
        }
    }

    // The requests of the last minute may be missing.
    void arrive_at(const std::string& place, bool is_first, clock_point now) {
        if (!is_first) {
            held_until_ = (now + forgotten_after).time_since_epoch().count();
        }
        session().change("UPDATE identity SET place = ?, held_until = ?", place, held_until_);
    }

    // A server that is restarted, or replaced by its standby, is back in a moment.
    bool can_try_again(int attempts) override {
        const auto now = boot_clock::now();
        if (attempts == 0) {
            deadline_ = now + server_patience;
        }
        has_given_up_ = !may_come_back(last_failure_) || is_termination_requested() || now > deadline_;
        if (has_given_up_) {
            return false;
        }
        if (attempts == 0) {
            spdlog::warn("the account's state in {} does not answer; it is tried again for {} seconds", place_.text,
                         std::chrono::duration_cast<std::chrono::seconds>(server_patience).count());
        }
        std::this_thread::sleep_for(between_attempts);
        return true;
    }

    // Once the run ends for want of it, nothing waits for it again.
    void refuse_after_failure() override {
        if (has_given_up_) {
            throw_unusable({.what = last_failure_, .place = place_.text, .reason = "it did not answer"},
                           remedy_on_server(last_failure_));
        }
    }

    postgres_place place_;
    database_failure::kind last_failure_ = database_failure::kind::other;
    clock_point deadline_{};
    bool has_given_up_ = false;
    bool is_measured_ = false;
    std::int64_t held_until_ = 0;  // by the database's clock
    std::int64_t steps_ = 0;       // of the database's clock, as this program has seen them
};

}  // namespace

std::unique_ptr<account_store> open_account_database(const account_database& where, boot_clock::duration max_slot) {
    return with_patience(place_of(where), [&] { return std::make_unique<account_tables>(where, max_slot); });
}

std::string script_for_administrator(const account_database& where, const std::string& role) {
    return script_for_administrator(place_of(where).schema, "identity", first_tables, added_tables(), role);
}

}  // namespace baseload
