-- name: case_results
-- What a case came to in a job that has ended, in the order of the ends. kind: what was asked of the device.
CREATE TABLE case_results (
    number           INTEGER PRIMARY KEY AUTOINCREMENT,
    org_id           TEXT NOT NULL,
    case_id          TEXT NOT NULL,
    job_number       INTEGER NOT NULL,
    app_version_id   TEXT NOT NULL,
    kind             TEXT NOT NULL,
    outcome          TEXT NOT NULL,
    standing         TEXT,
    failing_since_at INTEGER,
    muted            INTEGER NOT NULL,
    took_us          INTEGER NOT NULL,
    executions       INTEGER NOT NULL,
    ended_at         INTEGER NOT NULL
) STRICT;

-- name: results_of_case
-- Pages through the results of a case of an org, newest first.
CREATE INDEX results_of_case ON case_results (org_id, case_id, number);

-- name: results_of_job
-- Finds the results of a job.
CREATE INDEX results_of_job ON case_results (job_number);

-- name: org_cases
-- A case of an org, and how it did in its last results when the last of them came. *_ppm: millionths.
CREATE TABLE org_cases (
    org_id        TEXT NOT NULL,
    case_id       TEXT NOT NULL,
    title         TEXT NOT NULL,
    file          TEXT NOT NULL,
    project       TEXT,
    passed        INTEGER NOT NULL,
    failed        INTEGER NOT NULL,
    flaky         INTEGER NOT NULL,
    skipped       INTEGER NOT NULL,
    not_run       INTEGER NOT NULL,
    flips         INTEGER NOT NULL,
    flaky_ppm     INTEGER,
    mean_us       INTEGER,
    trend_ppm     INTEGER,
    first_seen_at INTEGER NOT NULL,
    last_seen_at  INTEGER NOT NULL,
    last_outcome  TEXT NOT NULL,
    PRIMARY KEY (org_id, case_id)
) STRICT, WITHOUT ROWID;

-- name: mutes
-- Cases that decide nothing until a time, and who is to mend them.
CREATE TABLE mutes (
    org_id     TEXT NOT NULL,
    case_id    TEXT NOT NULL,
    owner      TEXT NOT NULL,
    until_at   INTEGER NOT NULL,
    reason     TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, case_id)
) STRICT, WITHOUT ROWID;

-- name: jobs_excused
-- 1: it failed or was flaky by muted cases alone. NULL: it has not ended, or ended before there was a history of cases.
ALTER TABLE jobs ADD COLUMN excused INTEGER;
