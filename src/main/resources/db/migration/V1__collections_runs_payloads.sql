-- Instants are epoch milliseconds; ids and JSON are text; both SQLite and PostgreSQL run this file.

CREATE TABLE deployment (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    seed       TEXT   NOT NULL,
    salt       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    probed_at  BIGINT NOT NULL
);

-- What is known of each collection apart from its runs, so that retention can never touch it.
CREATE TABLE collection (
    name                 TEXT    PRIMARY KEY,
    collector            TEXT    NOT NULL,
    state                TEXT    NOT NULL,
    rhythm               TEXT    NOT NULL,
    anchor               BIGINT  NOT NULL,
    -- Slots up to here are settled by a registration, a change of schedule or a resumption.
    settled_until        BIGINT  NOT NULL,
    last_decided_slot    BIGINT,
    last_started_at      BIGINT,
    last_success_at      BIGINT,
    last_success_payload TEXT,
    last_run_id          TEXT,
    runs                 BIGINT  NOT NULL DEFAULT 0,
    succeeded            BIGINT  NOT NULL DEFAULT 0,
    partial              BIGINT  NOT NULL DEFAULT 0,
    failed               BIGINT  NOT NULL DEFAULT 0,
    timed_out            BIGINT  NOT NULL DEFAULT 0,
    cancelled            BIGINT  NOT NULL DEFAULT 0,
    abandoned            BIGINT  NOT NULL DEFAULT 0,
    skipped              BIGINT  NOT NULL DEFAULT 0,
    consecutive_failures BIGINT  NOT NULL DEFAULT 0,
    total_duration_ms    BIGINT  NOT NULL DEFAULT 0
);

CREATE TABLE run (
    id              TEXT    PRIMARY KEY,
    collection      TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    scheduled_at    BIGINT,
    missed_from     BIGINT,
    missed_count    BIGINT,
    state           TEXT    NOT NULL,
    outcome         TEXT,
    completeness    TEXT,
    reason          TEXT,
    -- Number of the newest attempt; the fence: only its holder may finish the run.
    attempt         INTEGER NOT NULL DEFAULT 0,
    next_attempt_at BIGINT,
    created_at      BIGINT  NOT NULL,
    started_at      BIGINT,
    finished_at     BIGINT,
    duration_ms     BIGINT,
    error           TEXT,
    payload_id      TEXT
);

-- A slot is claimed once. Runs without a slot are distinct to this index.
CREATE UNIQUE INDEX run_slot ON run (collection, scheduled_at);
-- A collection does not overlap itself.
CREATE UNIQUE INDEX run_active ON run (collection) WHERE state <> 'FINISHED';
CREATE INDEX run_by_age ON run (collection, created_at);
CREATE INDEX run_newest ON run (created_at);

CREATE TABLE attempt (
    run_id      TEXT    NOT NULL,
    number      INTEGER NOT NULL,
    instance    TEXT    NOT NULL,
    started_at  BIGINT  NOT NULL,
    finished_at BIGINT,
    outcome     TEXT,
    error       TEXT,
    PRIMARY KEY (run_id, number)
);

CREATE TABLE payload (
    id         TEXT   PRIMARY KEY,
    collection TEXT   NOT NULL,
    run_id     TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    bytes      BIGINT NOT NULL,
    content    TEXT   NOT NULL
);

CREATE INDEX payload_by_age ON payload (collection, created_at);
CREATE INDEX payload_newest ON payload (created_at);
