-- name: oldest_jobs
-- The next jobs to be looked at, oldest first.
SELECT number, job_id, created_at, completed_at FROM jobs WHERE number > :after ORDER BY number LIMIT :limit;

-- name: attempts_of_jobs
-- The attempts of some jobs.
SELECT job_id, number, lease, sessions FROM attempts WHERE job_id IN :job_ids ORDER BY job_id, number;

-- name: lock_ended_leases
-- Those of some leases that are over and that nobody is reporting on, locked: what is locked with them comes after.
SELECT token FROM leases WHERE token IN :tokens AND ended_at IS NOT NULL ORDER BY token FOR NO KEY UPDATE SKIP LOCKED;

-- name: lock_ended_jobs
-- Those of some jobs that ended before a time and that nobody is at, locked.
SELECT jobs.number, jobs.job_id, jobs.run_number, jobs.group_id, jobs.org_id, jobs.status, runs.run_id
FROM jobs JOIN runs ON runs.number = jobs.run_number
WHERE jobs.job_id IN :job_ids AND jobs.completed_at < :before
ORDER BY jobs.number
FOR NO KEY UPDATE OF jobs SKIP LOCKED;

-- name: sessions_in_cases
-- How many executions of cases of each of some jobs opened a session.
SELECT job_id, COUNT(*) AS cases FROM cases WHERE job_id IN :job_ids AND session = 1 GROUP BY job_id ORDER BY job_id;

-- name: files_of_jobs
-- The files that some jobs left behind.
SELECT DISTINCT sha256 FROM evidence WHERE job_id IN :job_ids ORDER BY sha256;

-- name: remove_cases
-- Forget the cases of some jobs.
DELETE FROM cases WHERE job_id IN :job_ids;

-- name: remove_evidence_of_jobs
-- Forget the evidence of some jobs.
DELETE FROM evidence WHERE job_id IN :job_ids;

-- name: remove_results
-- Forget what the cases of some jobs came to; answers which cases they were.
DELETE FROM case_results WHERE job_number IN :numbers RETURNING org_id, case_id;

-- name: remove_case_without_results
-- Forget a case of an org of which no result is left.
DELETE FROM org_cases
WHERE org_id = :org_id AND case_id = :case_id AND NOT EXISTS (
    SELECT 1 FROM case_results WHERE case_results.org_id = :org_id AND case_results.case_id = :case_id
);

-- name: remove_attempts
-- Forget the attempts of some jobs.
DELETE FROM attempts WHERE job_id IN :job_ids;

-- name: remove_facts_of_jobs
-- Forget what happened to some jobs.
DELETE FROM facts WHERE job_id IN :job_ids;

-- name: remove_ended
-- Take a job off the list of those that have ended.
DELETE FROM ended WHERE org_id = :org_id AND status = :status AND job_number = :job_number;

-- name: remove_jobs
-- Forget some jobs.
DELETE FROM jobs WHERE number IN :numbers;

-- name: leases_without_attempts
-- Those of some leases that have no attempt left.
SELECT token FROM leases
WHERE token IN :tokens AND NOT EXISTS (SELECT 1 FROM attempts WHERE attempts.lease = leases.token)
ORDER BY token;

-- name: installs_of_leases
-- What the installations of some leases come to, by org.
SELECT org_id, CAST(SUM(done) AS BIGINT) AS installs, CAST(SUM(took_us) AS BIGINT) AS install_us
FROM installs
WHERE lease IN :tokens
GROUP BY org_id
ORDER BY org_id;

-- name: remove_installs
-- Forget the installations of some leases.
DELETE FROM installs WHERE lease IN :tokens;

-- name: remove_leases
-- Forget some leases.
DELETE FROM leases WHERE token IN :tokens;

-- name: remove_runs_without_jobs
-- Forget those of some runs that have no job left; answers which, and the keys they superseded by.
DELETE FROM runs
WHERE number IN :numbers AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.run_number = runs.number)
RETURNING run_id, org_id, supersede;

-- name: remove_facts_of_runs
-- Forget what happened in some runs.
DELETE FROM facts WHERE run_id IN :run_ids;

-- name: remove_groups_without_jobs
-- Forget those of some groups that have nothing left; answers whose they were.
DELETE FROM groups
WHERE group_id IN :group_ids AND jobs = 0 AND waiting = 0 AND resting = 0 AND servers = 0
  AND NOT EXISTS (SELECT 1 FROM leases WHERE leases.group_id = groups.group_id)
RETURNING org_id;

-- name: count_removed
-- So much more of something has been taken from under an org's totals.
INSERT INTO removed (org_id, what, amount) VALUES (:org_id, :what, :amount)
ON CONFLICT (org_id, what) DO UPDATE SET amount = removed.amount + excluded.amount;

-- name: lock_old_evidence
-- Evidence that was stored before a time, the oldest first, locked.
SELECT job_id, attempt, name, sha256
FROM evidence
WHERE stored_at < :before
ORDER BY stored_at
LIMIT :limit
FOR NO KEY UPDATE SKIP LOCKED;

-- name: remove_evidence
-- Forget a piece of evidence.
DELETE FROM evidence WHERE job_id = :job_id AND attempt = :attempt AND name = :name;

-- name: loosen_file
-- Something that referred to a file does so no more.
INSERT INTO loose_files (sha256, since_at) VALUES (:sha256, :now) ON CONFLICT (sha256) DO NOTHING;

-- name: loose_files
-- A page of the files that nothing may refer to any more.
SELECT sha256 FROM loose_files WHERE sha256 > :after ORDER BY sha256 LIMIT :limit;

-- name: settle_files
-- These files are gone, or are referred to again.
DELETE FROM loose_files WHERE sha256 IN :files;
