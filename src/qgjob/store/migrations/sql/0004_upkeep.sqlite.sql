-- A job's status is in no index any more: what has a status is found from the lists below, and jobs are updated cheaply.

-- name: ready_with_org
-- The list, with the org of each job, by which it is paged through.
CREATE TABLE ready_with_org (
    group_id       TEXT NOT NULL,
    lane           INTEGER NOT NULL,
    due_at         INTEGER NOT NULL,
    run_number     INTEGER NOT NULL,
    slow_us        INTEGER NOT NULL,
    job_number     INTEGER NOT NULL,
    org_id         TEXT NOT NULL,
    avoid_worker   TEXT,
    avoid_until_at INTEGER,
    PRIMARY KEY (group_id, lane, due_at, run_number, slow_us, job_number)
) STRICT, WITHOUT ROWID;

-- name: fill_ready_with_org
-- Take the list over.
INSERT INTO ready_with_org (
    group_id, lane, due_at, run_number, slow_us, job_number, org_id, avoid_worker, avoid_until_at
)
SELECT ready.group_id, ready.lane, ready.due_at, ready.run_number, ready.slow_us, ready.job_number, jobs.org_id,
       ready.avoid_worker, ready.avoid_until_at
FROM ready JOIN jobs ON jobs.number = ready.job_number;

-- name: drop_ready
-- The old list goes,
DROP TABLE ready;

-- name: rename_ready
-- and the new one is in its place.
ALTER TABLE ready_with_org RENAME TO ready;

-- name: ready_of_org
-- Pages through what waits of an org.
CREATE INDEX ready_of_org ON ready (org_id, job_number);

-- name: resting_with_org
-- The org of each job that rests.
ALTER TABLE resting ADD COLUMN org_id TEXT NOT NULL DEFAULT '';

-- name: fill_resting
-- Take it from the jobs.
UPDATE resting SET org_id = (SELECT jobs.org_id FROM jobs WHERE jobs.number = resting.job_number);

-- name: resting_of_org
-- Pages through what rests of an org.
CREATE INDEX resting_of_org ON resting (org_id, job_number);

-- name: ended
-- The jobs that are final, by the status that they will have for ever.
CREATE TABLE ended (
    org_id     TEXT NOT NULL,
    status     TEXT NOT NULL,
    job_number INTEGER NOT NULL,
    PRIMARY KEY (org_id, status, job_number)
) STRICT, WITHOUT ROWID;

-- name: fill_ended
-- Those that have ended so far.
INSERT INTO ended (org_id, status, job_number)
SELECT org_id, status, number FROM jobs WHERE status IN ('completed', 'failed', 'cancelled');

-- name: drop_jobs_of_status
-- The index that made every step of a job three times as dear.
DROP INDEX jobs_of_status;

-- name: leases_by_group
-- Lets a group be removed without a look at every lease.
CREATE INDEX leases_by_group ON leases (group_id);

-- name: installs_of_lease
-- Finds what goes with a lease that is removed.
CREATE INDEX installs_of_lease ON installs (lease);

-- name: evidence_by_age
-- Finds the evidence that has been kept long enough.
CREATE INDEX evidence_by_age ON evidence (stored_at);

-- name: evidence_by_hash
-- Says whether anything still refers to a file.
CREATE INDEX evidence_by_hash ON evidence (sha256);

-- name: bundles_by_hash
-- Says whether anything still refers to a file.
CREATE INDEX bundles_by_hash ON bundles (sha256);

-- name: loose_files
-- Files that nothing referred to any more when their last mention was removed: to be deleted unless that has changed.
CREATE TABLE loose_files (
    sha256   TEXT PRIMARY KEY,
    since_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- name: removed
-- What retention has taken from under the totals, which are of all time: jobs by status, and parts of the ledger.
CREATE TABLE removed (
    org_id TEXT NOT NULL,
    what   TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (org_id, what)
) STRICT, WITHOUT ROWID;
