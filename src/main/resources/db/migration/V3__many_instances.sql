-- Who makes a run's newest attempt; of a run that waits, who has claimed it.
ALTER TABLE run ADD COLUMN instance TEXT;

-- As it is in force, by whichever instances declare it so; null: whoever declares it.
ALTER TABLE collection ADD COLUMN declaration TEXT;

-- The configuration in force, of all collections together.
ALTER TABLE deployment ADD COLUMN declares TEXT;

-- The processes that share this store. One that has ended never comes back under its id.
CREATE TABLE instance (
    id           TEXT   PRIMARY KEY,
    host         TEXT   NOT NULL,
    version      TEXT   NOT NULL,
    started_at   BIGINT NOT NULL,
    -- By the clock of the database, as ended_at is.
    heartbeat_at BIGINT NOT NULL,
    draining_at  BIGINT,
    ended_at     BIGINT,
    -- What its configuration declares, of all collections together; and in words, in what that is not in force.
    declares     TEXT,
    differs      TEXT
);

-- Attempts that were given up and still run, in whichever process.
CREATE TABLE stuck_attempt (
    run_id     TEXT    NOT NULL,
    number     INTEGER NOT NULL,
    collection TEXT    NOT NULL,
    instance   TEXT    NOT NULL,
    started_at BIGINT,
    PRIMARY KEY (run_id, number)
);

CREATE INDEX stuck_attempt_by_collection ON stuck_attempt (collection);

-- The cluster engine's own, laid out as it wants: when each collection is woken next, and by whom it is being woken.
CREATE TABLE dispatch_task (
    task_name            TEXT        NOT NULL,
    task_instance        TEXT        NOT NULL,
    task_data            BYTEA,
    execution_time       TIMESTAMPTZ NOT NULL,
    picked               BOOLEAN     NOT NULL,
    picked_by            TEXT,
    last_success         TIMESTAMPTZ,
    last_failure         TIMESTAMPTZ,
    consecutive_failures INTEGER,
    last_heartbeat       TIMESTAMPTZ,
    version              BIGINT      NOT NULL,
    PRIMARY KEY (task_instance, task_name)
);

CREATE INDEX dispatch_task_due ON dispatch_task (execution_time);
CREATE INDEX dispatch_task_heartbeat ON dispatch_task (last_heartbeat) WHERE picked;
