-- name: runs_jobs
-- How many jobs it has.
ALTER TABLE runs ADD COLUMN jobs INTEGER NOT NULL DEFAULT 0;

-- name: runs_waiting
-- How many of them are pending.
ALTER TABLE runs ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;

-- name: runs_ended
-- How many of them are final.
ALTER TABLE runs ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;

-- name: runs_passed
-- How many of them passed, flaky ones included.
ALTER TABLE runs ADD COLUMN passed INTEGER NOT NULL DEFAULT 0;

-- name: runs_supersede
-- The key under which a run takes the place of the older ones that have it; NULL: it takes nobody's.
ALTER TABLE runs ADD COLUMN supersede TEXT;

-- name: runs_superseded_by
-- The run (its id) that took its place before it had ended.
ALTER TABLE runs ADD COLUMN superseded_by TEXT;

-- name: count_runs
-- What is there by now.
UPDATE runs
SET jobs = (SELECT COUNT(*) FROM jobs WHERE jobs.run_number = runs.number),
    waiting = (SELECT COUNT(*) FROM jobs WHERE jobs.run_number = runs.number AND status = 'pending'),
    ended = (SELECT COUNT(*) FROM jobs
             WHERE jobs.run_number = runs.number AND status IN ('completed', 'failed', 'cancelled')),
    passed = (SELECT COUNT(*) FROM jobs WHERE jobs.run_number = runs.number AND status = 'completed');

-- name: numbers_of_org
-- Pages through an org's runs, newest first.
CREATE INDEX numbers_of_org ON runs (org_id, number);

-- name: open_runs
-- The runs that single jobs of an org, app version and commit join for a moment (commit_id '': they say none).
CREATE TABLE open_runs (
    org_id         TEXT NOT NULL,
    app_version_id TEXT NOT NULL,
    commit_id      TEXT NOT NULL,
    run_id         TEXT NOT NULL,
    opened_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_version_id, commit_id)
) STRICT, WITHOUT ROWID;

-- name: newest_runs
-- The newest run of each key that runs supersede by.
CREATE TABLE newest_runs (
    org_id    TEXT NOT NULL,
    supersede TEXT NOT NULL,
    run_id    TEXT NOT NULL,
    PRIMARY KEY (org_id, supersede)
) STRICT, WITHOUT ROWID;

-- name: jobs_deadline_at
-- When its submitter would like to have its result; NULL: nothing was said.
ALTER TABLE jobs ADD COLUMN deadline_at INTEGER;

-- name: jobs_last_attempt
-- Its run was superseded while it ran: this attempt is its last.
ALTER TABLE jobs ADD COLUMN last_attempt INTEGER NOT NULL DEFAULT 0;
