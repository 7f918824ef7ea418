-- How long an instance may give no sign of life, as it is set there; null: an older build has not said so.
ALTER TABLE instance ADD COLUMN lease_ms BIGINT;
