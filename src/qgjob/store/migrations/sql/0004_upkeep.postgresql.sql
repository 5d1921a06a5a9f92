-- A job's status is in no index: what has a status is found from the lists below, and updates of jobs stay in their page.
-- Where a page begins after a number, the index goes by that number as well.

-- name: ready_with_org
-- The org of each job on the list,
ALTER TABLE ready ADD COLUMN org_id TEXT COLLATE "C";

-- name: fill_ready
-- taken from the jobs,
UPDATE ready SET org_id = jobs.org_id FROM jobs WHERE jobs.number = ready.job_number;

-- name: bind_ready
-- is always known.
ALTER TABLE ready ALTER COLUMN org_id SET NOT NULL;

-- name: ready_of_org
-- Pages through what waits of an org.
CREATE INDEX ready_of_org ON ready (org_id, job_number);

-- name: resting_with_org
-- The org of each job that rests,
ALTER TABLE resting ADD COLUMN org_id TEXT COLLATE "C";

-- name: fill_resting
-- taken from the jobs,
UPDATE resting SET org_id = jobs.org_id FROM jobs WHERE jobs.number = resting.job_number;

-- name: bind_resting
-- is always known.
ALTER TABLE resting ALTER COLUMN org_id SET NOT NULL;

-- name: resting_of_org
-- Pages through what rests of an org.
CREATE INDEX resting_of_org ON resting (org_id, job_number);

-- name: ended
-- The jobs that are final, by the status that they will have for ever.
CREATE TABLE ended (
    org_id     TEXT COLLATE "C" NOT NULL,
    status     TEXT COLLATE "C" NOT NULL,
    job_number BIGINT NOT NULL,
    PRIMARY KEY (org_id, status, job_number)
);

-- name: fill_ended
-- Those that have ended so far.
INSERT INTO ended (org_id, status, job_number)
SELECT org_id, status, number FROM jobs WHERE status IN ('completed', 'failed', 'cancelled');

-- name: drop_jobs_of_run
-- Made anew with the number.
DROP INDEX jobs_of_run;

-- name: jobs_of_run
-- Sums a run, and pages through it.
CREATE INDEX jobs_of_run ON jobs (run_number, number);

-- name: drop_jobs_of_group
-- Made anew with the number.
DROP INDEX jobs_of_group;

-- name: jobs_of_group
-- Lists the jobs of a group, oldest first.
CREATE INDEX jobs_of_group ON jobs (group_id, number);

-- name: drop_jobs_of_org
-- Made anew with the number.
DROP INDEX jobs_of_org;

-- name: jobs_of_org
-- Pages through an org's jobs.
CREATE INDEX jobs_of_org ON jobs (org_id, number);

-- name: drop_facts_of_run
-- Made anew with the number.
DROP INDEX facts_of_run;

-- name: facts_of_run
-- Follows a run.
CREATE INDEX facts_of_run ON facts (run_id, fact_id) WHERE run_id IS NOT NULL;

-- name: drop_facts_of_job
-- Made anew with the number.
DROP INDEX facts_of_job;

-- name: facts_of_job
-- Follows a job.
CREATE INDEX facts_of_job ON facts (job_id, fact_id) WHERE job_id IS NOT NULL;

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
    sha256   TEXT COLLATE "C" PRIMARY KEY,
    since_at BIGINT NOT NULL
);

-- name: removed
-- What retention has taken from under the totals, which are of all time: jobs by status, and parts of the ledger.
CREATE TABLE removed (
    org_id TEXT COLLATE "C" NOT NULL,
    what   TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (org_id, what)
) WITH (fillfactor = 50);
