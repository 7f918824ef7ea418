-- Who declared it: the configuration, or code in the process, whose collections are known only once it has run.
ALTER TABLE collection ADD COLUMN declared_by TEXT NOT NULL DEFAULT 'CONFIGURATION';
-- Facts beside the declared state, so that a pause outlives a time of being disabled.
ALTER TABLE collection ADD COLUMN paused_at BIGINT;
ALTER TABLE collection ADD COLUMN suspended_until BIGINT;
UPDATE collection SET paused_at = COALESCE(last_started_at, settled_until) WHERE state = 'PAUSED';
UPDATE collection SET state = 'ACTIVE' WHERE state IN ('PAUSED', 'SUSPENDED');

-- Unfinished runs of one collection lie in lanes; how many there are says its max-overlap.
ALTER TABLE run ADD COLUMN lane INTEGER NOT NULL DEFAULT 0;
DROP INDEX run_active;
CREATE UNIQUE INDEX run_active ON run (collection, lane) WHERE state <> 'FINISHED';

CREATE INDEX run_by_end ON run (finished_at);
CREATE INDEX run_by_collection_end ON run (collection, finished_at);

-- Every change by hand: when, what, to which collection, from where, and why.
CREATE TABLE audit (
    id         TEXT   PRIMARY KEY,
    at         BIGINT NOT NULL,
    action     TEXT   NOT NULL,
    collection TEXT   NOT NULL,
    origin     TEXT   NOT NULL,
    reason     TEXT
);

CREATE INDEX audit_newest ON audit (at);
CREATE INDEX audit_by_collection ON audit (collection, at);
