-- What a build of schema version 1 has stored by 2026-03-01T12:00:00Z.
INSERT INTO deployment (id, seed, salt, created_at, probed_at)
VALUES (1, 'an old seed of 24 chars', 'b2xkIHNhbHQgb2YgbWFueQ==', 1772344800000, 1772344800000);

INSERT INTO collection (name, collector, state, rhythm, anchor, settled_until, last_decided_slot, last_started_at,
                        last_success_at, last_success_payload, last_run_id, runs, succeeded, partial, failed,
                        timed_out, cancelled, abandoned, skipped, consecutive_failures, total_duration_ms)
VALUES ('metadata', 'probe', 'ACTIVE', 'interval PT1H offset PT5M', 1772344800000, 1772344799999, 1772363100000, 1772363100000,
        1772359500000, 'payload-1', 'run-2', 6, 4, 1, 1, 1, 0, 0, 2, 1, 90000);
INSERT INTO collection (name, collector, state, rhythm, anchor, settled_until, last_decided_slot, last_started_at)
VALUES ('inventory', 'probe', 'ACTIVE', 'interval PT1H offset PT5M', 1772344800000, 1772344799999, 1772363100000, 1772363100000);
INSERT INTO collection (name, collector, state, rhythm, anchor, settled_until)
VALUES ('disabled', 'probe', 'DISABLED', 'interval PT1H offset PT5M', 1772344800000, 1772344799999);
INSERT INTO collection (name, collector, state, rhythm, anchor, settled_until)
VALUES ('retired', 'probe', 'RETIRED', 'interval PT1H offset PT5M', 1772344800000, 1772344799999);
INSERT INTO collection (name, collector, state, rhythm, anchor, settled_until, last_started_at)
VALUES ('paused', 'probe', 'PAUSED', 'interval PT1H offset PT5M', 1772344800000, 1772344799999, 1772355600000);
INSERT INTO collection (name, collector, state, rhythm, anchor, settled_until)
VALUES ('suspended', 'probe', 'SUSPENDED', 'interval PT1H offset PT5M', 1772344800000, 1772344799999);

INSERT INTO run (id, collection, kind, scheduled_at, state, outcome, completeness, attempt, created_at, started_at,
                 finished_at, duration_ms, payload_id)
VALUES ('run-1', 'metadata', 'SCHEDULE', 1772359500000, 'FINISHED', 'SUCCEEDED', 'FULL', 1, 1772359500000, 1772359500000,
        1772359502000, 2000, 'payload-1');
INSERT INTO attempt (run_id, number, instance, started_at, finished_at, outcome)
VALUES ('run-1', 1, 'an old instance', 1772359500000, 1772359502000, 'SUCCEEDED');
INSERT INTO payload (id, collection, run_id, created_at, bytes, content)
VALUES ('payload-1', 'metadata', 'run-1', 1772359502000, 10, '{"n":"ü"}');

INSERT INTO run (id, collection, kind, scheduled_at, state, outcome, attempt, created_at, started_at, finished_at,
                 duration_ms, error)
VALUES ('run-2', 'metadata', 'SCHEDULE', 1772363100000, 'FINISHED', 'FAILED', 3, 1772363100000, 1772363100000, 1772363160000, 500, 'no');

INSERT INTO run (id, collection, kind, scheduled_at, state, attempt, created_at, started_at)
VALUES ('run-3', 'inventory', 'SCHEDULE', 1772363100000, 'RUNNING', 1, 1772363100000, 1772363100000);
INSERT INTO attempt (run_id, number, instance, started_at)
VALUES ('run-3', 1, 'an old instance', 1772363100000);
