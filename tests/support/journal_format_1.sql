-- A journal as version 0.3.0 made it (the first format), in the schema baseload_crm.
CREATE SCHEMA baseload_crm;
SET search_path TO baseload_crm;
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
