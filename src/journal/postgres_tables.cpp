#include "postgres_tables.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/database/postgres_schema.hpp"
#include "baseload/journal/journal_upkeep.hpp"

#include <fmt/format.h>

#include <array>

namespace baseload {
namespace {

// Format 1. The tables of a file (schema.cpp and migration.cpp say what they hold), and what several hosts need:
// `lease` says who writes, and `keep_fence` ends each of their transactions. Keys are compared by their bytes, as
// SQLite compares them. What was released is never changed: a new format is one more step.
constexpr const char* first_tables = R"sql(
CREATE TABLE account (url TEXT NOT NULL, name TEXT NOT NULL, key_columns TEXT NOT NULL);
INSERT INTO account VALUES ('', '', '');
CREATE TABLE run (
    id BIGINT PRIMARY KEY,
    source TEXT NOT NULL,
    pid BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    exit_code BIGINT,
    records BIGINT NOT NULL DEFAULT 0,
    created BIGINT NOT NULL DEFAULT 0,
    updated BIGINT NOT NULL DEFAULT 0,
    unchanged BIGINT NOT NULL DEFAULT 0,
    rejected BIGINT NOT NULL DEFAULT 0,
    in_doubt BIGINT NOT NULL DEFAULT 0,
    not_reached BIGINT NOT NULL DEFAULT 0,
    requests BIGINT NOT NULL DEFAULT 0,
    partial BIGINT NOT NULL DEFAULT 0,
    stopped_because TEXT NOT NULL DEFAULT '',
    undone_at BIGINT,
    skipped BIGINT NOT NULL DEFAULT 0,
    missing_refused BIGINT NOT NULL DEFAULT 0,
    missing_action TEXT NOT NULL DEFAULT '',
    missing BIGINT NOT NULL DEFAULT 0,
    missing_done BIGINT NOT NULL DEFAULT 0,
    more TEXT NOT NULL DEFAULT '',
    details TEXT NOT NULL DEFAULT ''
);
CREATE TABLE client (
    crm_client_id BIGINT PRIMARY KEY,
    key TEXT COLLATE "C" NOT NULL,
    sent BYTEA NOT NULL,
    created_run BIGINT NOT NULL,
    changed_run BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE TABLE key_pack (place BIGINT PRIMARY KEY, count BIGINT NOT NULL, rows BYTEA NOT NULL);
CREATE TABLE key_log (number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, rows BYTEA NOT NULL);
-- Hashes cannot be compressed.
ALTER TABLE key_pack ALTER COLUMN rows SET STORAGE EXTERNAL;
ALTER TABLE key_log ALTER COLUMN rows SET STORAGE EXTERNAL;
CREATE TABLE intent (
    number BIGINT PRIMARY KEY,
    key TEXT COLLATE "C" NOT NULL,
    run BIGINT NOT NULL,
    line BIGINT NOT NULL,
    at BIGINT NOT NULL,
    parameters TEXT NOT NULL,
    newest_id BIGINT,
    ahead BIGINT NOT NULL
);
CREATE TABLE unsettled (
    number BIGINT PRIMARY KEY,
    key TEXT COLLATE "C" NOT NULL,
    run BIGINT NOT NULL,
    fields BYTEA NOT NULL
);
CREATE TABLE refusal (
    key_hash BYTEA PRIMARY KEY,
    key TEXT COLLATE "C" NOT NULL,
    record BIGINT NOT NULL,
    run BIGINT NOT NULL,
    at BIGINT NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL
);
CREATE TABLE absent (key_hash BYTEA PRIMARY KEY, run BIGINT NOT NULL);
CREATE TABLE backup (
    run BIGINT NOT NULL,
    key_hash BYTEA NOT NULL,
    crm_client_id BIGINT NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (run, key_hash)
);
CREATE TABLE kept (name TEXT COLLATE "C" PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE status_before (key_hash BYTEA PRIMARY KEY, status BIGINT NOT NULL);
CREATE TABLE self (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    sessions BIGINT NOT NULL DEFAULT 0,
    lost_log BIGINT NOT NULL DEFAULT 0,
    linked BIGINT NOT NULL DEFAULT 0,
    token_salt TEXT NOT NULL DEFAULT '',
    token_hash TEXT NOT NULL DEFAULT '',
    newest_id BIGINT,
    ids_rise BIGINT NOT NULL DEFAULT 1,
    state_id TEXT,
    sending_until BIGINT,
    format BIGINT NOT NULL
);
INSERT INTO self (one, id, format) VALUES (1, replace(gen_random_uuid()::text, '-', ''), 1);
CREATE SEQUENCE fence_number;
CREATE TABLE lease (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    fence BIGINT NOT NULL,
    commits BIGINT NOT NULL DEFAULT 0,
    application TEXT NOT NULL,
    host TEXT NOT NULL,
    pid BIGINT NOT NULL,
    since TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    until TIMESTAMPTZ NOT NULL,
    progress TEXT NOT NULL DEFAULT ''
);
-- The end of a transaction: the lease must still be the same, and no other transaction have taken this one's place.
CREATE FUNCTION keep_fence(held BIGINT, seen BIGINT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    UPDATE lease SET commits = commits + 1 WHERE fence = held AND commits = seen;
    IF FOUND THEN
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM lease WHERE fence > held OR (fence = held AND commits >= seen)) THEN
        RAISE EXCEPTION 'it has lost what it had committed' USING ERRCODE = 'BL002';
    END IF;
    RAISE EXCEPTION 'another run has taken it over' USING ERRCODE = 'BL001';
END $$;
)sql";

// Format 2, shards: a lease each, and `run_shard`, in which they meet.
//
// Who locks `self` and leases locks `self` first, as a run does that writes to `self` and then ends its transaction.
constexpr const char* step_to_2 = R"sql(
ALTER TABLE lease RENAME COLUMN one TO shard;
ALTER TABLE lease DROP CONSTRAINT lease_one_check;
ALTER TABLE lease ADD COLUMN shards BIGINT NOT NULL DEFAULT 1;
-- Its run has the shard's result, and no more of its rows is sent.
ALTER TABLE lease ADD COLUMN is_done BOOLEAN NOT NULL DEFAULT FALSE;
-- It was the last of its run, and holds the journal as a whole.
ALTER TABLE lease ADD COLUMN judges BOOLEAN NOT NULL DEFAULT FALSE;
-- When somebody took the place of a run that was not heard of any more, and may have requests under way.
ALTER TABLE self ADD COLUMN taken_over_at TIMESTAMPTZ;
-- The fence of who held it last as a whole and changed what is known of clients: runs of shards before that are over.
ALTER TABLE self ADD COLUMN changed_as_a_whole BIGINT NOT NULL DEFAULT 0;
CREATE TABLE run_shard (
    run BIGINT NOT NULL,
    shard BIGINT NOT NULL,
    shards BIGINT NOT NULL,
    division BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    summary TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (run, shard)
);
DROP FUNCTION keep_fence(BIGINT, BIGINT);
-- The end of a transaction: the lease must still be the same, and no other transaction have taken this one's place.
CREATE FUNCTION keep_fence(part BIGINT, held BIGINT, seen BIGINT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    UPDATE lease SET commits = commits + 1 WHERE shard = part AND fence = held AND commits = seen;
    IF FOUND THEN
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM lease WHERE shard = part AND (fence > held OR (fence = held AND commits >= seen))) THEN
        RAISE EXCEPTION 'it has lost what it had committed' USING ERRCODE = 'BL002';
    END IF;
    RAISE EXCEPTION 'another run has taken it over' USING ERRCODE = 'BL001';
END $$;
-- Others that are not heard of any more can write no more, should they come back.
CREATE FUNCTION shut_out(part BIGINT, judges_alone BOOLEAN) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    UPDATE self SET taken_over_at = clock_timestamp() WHERE EXISTS (
        SELECT 1 FROM lease WHERE shard <> part AND until <= clock_timestamp() AND application <> ''
        AND (judges OR NOT judges_alone));
    UPDATE lease SET fence = nextval('fence_number'), application = '', judges = FALSE
        WHERE shard <> part AND until <= clock_timestamp() AND (judges OR NOT judges_alone);
END $$;
-- The newest run of shards is joined when it has the same shards of the same rows, did not come to its end (exit codes 0
-- and 1: core/exit_code.hpp), was not undone, and nobody has held the journal otherwise since. No row for this fence:
-- shards of another run are at work, or one is judging.
CREATE FUNCTION join_run(part BIGINT, parts BIGINT, held BIGINT, divided BIGINT, file TEXT, process BIGINT, now BIGINT)
RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE joined BIGINT;
BEGIN
    PERFORM 1 FROM self FOR UPDATE;
    IF EXISTS (SELECT 1 FROM lease WHERE shard <> part AND judges AND until > clock_timestamp()) THEN
        RETURN;
    END IF;
    SELECT r.id INTO joined FROM run r
        WHERE r.id = (SELECT max(run) FROM run_shard)
        AND r.undone_at IS NULL AND (r.exit_code IS NULL OR r.exit_code NOT IN (0, 1))
        AND NOT EXISTS (SELECT 1 FROM run_shard s, self WHERE s.run = r.id
                        AND (s.shards <> parts OR s.division <> divided OR s.fence < self.changed_as_a_whole));
    IF joined IS NULL THEN
        IF EXISTS (SELECT 1 FROM lease l JOIN run_shard s ON s.shard = l.shard AND s.fence = l.fence
                   WHERE l.shard <> part AND l.until > clock_timestamp() AND NOT l.is_done) THEN
            RETURN;
        END IF;
        PERFORM shut_out(part, FALSE);
        SELECT coalesce(max(id), 0) + 1 INTO joined FROM run;
        INSERT INTO run (id, source, pid, started_at) VALUES (joined, file, process, now);
    ELSE
        PERFORM shut_out(part, TRUE);
        UPDATE run SET exit_code = NULL, finished_at = NULL WHERE id = joined AND exit_code IS NOT NULL;
    END IF;
    INSERT INTO run_shard (run, shard, shards, division, fence) VALUES (joined, part, parts, divided, held)
        ON CONFLICT (run, shard) DO UPDATE SET fence = excluded.fence, summary = '';
END $$;
-- Who gives in the last result judges the run. One that is yet to join clears its result, or comes when it is judged.
CREATE FUNCTION end_shard(part BIGINT, parts BIGINT, held BIGINT, joined BIGINT, told TEXT)
RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    -- As who takes a lease does (database/postgres_schema.cpp).
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema()::text, 0));
    PERFORM 1 FROM self FOR UPDATE;
    UPDATE run_shard SET summary = told WHERE run = joined AND shard = part;
    UPDATE lease SET is_done = TRUE WHERE shard = part AND fence = held;
    IF (SELECT count(*) FROM run_shard WHERE run = joined AND summary <> '') = parts THEN
        PERFORM shut_out(part, FALSE);
        UPDATE lease SET judges = TRUE WHERE shard = part AND fence = held;
    END IF;
END $$;
UPDATE self SET format = 2;
)sql";

// Format 3: where the journal lies, so that whoever takes the lease notices that its database was replaced.
std::string step_to_3() {
    return "ALTER TABLE self ADD COLUMN place TEXT NOT NULL DEFAULT '';\n"
           "ALTER TABLE self ADD COLUMN first_fence BIGINT NOT NULL DEFAULT 0;\n" +
           function_of_place("journal_place", "self") + R"sql(
CREATE FUNCTION next_fence() RETURNS BIGINT LANGUAGE sql AS $$ SELECT first_fence + nextval('fence_number') FROM self $$;
CREATE OR REPLACE FUNCTION shut_out(part BIGINT, judges_alone BOOLEAN) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    UPDATE self SET taken_over_at = greatest(taken_over_at, clock_timestamp()) WHERE EXISTS (
        SELECT 1 FROM lease WHERE shard <> part AND until <= clock_timestamp() AND application <> ''
        AND (judges OR NOT judges_alone));
    UPDATE lease SET fence = next_fence(), application = '', judges = FALSE
        WHERE shard <> part AND until <= clock_timestamp() AND (judges OR NOT judges_alone);
END $$;
-- Of who takes the lease: 1 where the database is not that of the last session, and may lack the last of what was
-- recorded. `held`: milliseconds for which whoever was cut off with the other one may still believe in its lease.
CREATE FUNCTION arrive(held BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    here TEXT := journal_place();
    is_another BOOLEAN;
BEGIN
    SELECT place NOT IN ('', here) INTO is_another FROM self;
    UPDATE self SET place = here WHERE place <> here;
    IF is_another THEN
        -- What the other one has given out as a fence since is not given out again.
        UPDATE self SET first_fence = first_fence + 1000000 + floor(random() * 1e15)::bigint,
            lost_log = CASE lost_log WHEN 0 THEN 2 ELSE lost_log END,
            taken_over_at = clock_timestamp() + held * interval '1 millisecond';
        -- A person's word that the account does not have a customer (journal/account_notes.hpp): it may have been made
        -- since.
        DELETE FROM kept WHERE name LIKE 'absent: %';
    END IF;
    RETURN CASE WHEN is_another THEN 1 ELSE 0 END;
END $$;
-- What was refused before (1) is used, and looked for. Of what was there before, nobody can say whether it is a backup.
UPDATE self SET lost_log = 2 WHERE lost_log = 1 OR EXISTS (SELECT 1 FROM client);
UPDATE self SET format = 3;
)sql";
}

struct format_step {
    std::int64_t from;
    std::string script;
};
std::array<format_step, 2> all_steps() {
    return {format_step{1, step_to_2}, format_step{2, step_to_3()}};
}

// Brings an older journal up to date, for one program at a time.
void migrate(postgres_connection& connection, const postgres_place& place) {
    in_transaction(connection, [&] {
        lock_schema(connection, place.schema);
        // Another program may have done it while this one waited.
        const std::int64_t format = connection.number("SELECT format FROM self");
        if (format >= postgres_journal_format) {
            return;
        }
        if (connection.number("SELECT count(*) FROM lease WHERE until > clock_timestamp()") > 0) {
            throw command_error(exit_code::journal_busy,
                                fmt::format("another run holds the journal {}, of an older baseload; wait until it "
                                            "has ended",
                                            place.text));
        }
        for (const format_step& step : all_steps()) {
            if (step.from >= format) {
                connection.run_script(step.script);
            }
        }
    });
}

}  // namespace

postgres_place place_of(const journal_locator& where) {
    return {.url = where.url, .schema = "baseload_" + where.name, .text = where.text()};
}

std::string script_for_administrator(const journal_locator& where, const std::string& role) {
    std::string all = fmt::format("IF (SELECT format FROM self) < {} AND EXISTS (SELECT 1 FROM lease WHERE until > "
                                  "clock_timestamp()) THEN RAISE EXCEPTION 'a run of an older baseload holds the "
                                  "journal: wait until it has ended'; END IF; ",
                                  postgres_journal_format);
    for (const format_step& step : all_steps()) {
        all += fmt::format("IF (SELECT format FROM self) = {} THEN {}END IF; ", step.from, step.script);
    }
    return script_for_administrator(place_of(where).schema, "self", first_tables, all, role);
}

bool has_postgres_journal(postgres_connection& connection, const postgres_place& place) {
    return has_table(connection, place.schema, "self");
}

void update_postgres_journal(postgres_connection& connection, const postgres_place& place) {
    if (connection.number("SELECT format FROM self") < postgres_journal_format) {
        migrate(connection, place);
    }
    check_postgres_journal(connection, place);
}

void check_postgres_journal(postgres_connection& connection, const postgres_place& place) {
    const std::int64_t format = connection.number("SELECT format FROM self");
    if (format > postgres_journal_format) {
        throw command_error(
            exit_code::usage,
            fmt::format("the journal {} was written by a newer baseload (format {}, this one knows {}); upgrade "
                        "this installation",
                        place.text, format, postgres_journal_format));
    }
}

void prepare_postgres_journal(postgres_connection& connection, const postgres_place& place) {
    std::string tables = first_tables;
    for (const format_step& step : all_steps()) {
        tables += step.script;
    }
    make_tables(connection, place.schema, "self", tables);
    update_postgres_journal(connection, place);
}

}  // namespace baseload
