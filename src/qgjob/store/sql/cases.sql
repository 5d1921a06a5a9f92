-- name: places_of_jobs
-- What was asked of the devices of some jobs, and which project of theirs they ran.
SELECT jobs.number, jobs.project, groups.requirement
FROM jobs JOIN groups ON groups.group_id = jobs.group_id
WHERE jobs.number IN :numbers
ORDER BY jobs.number;

-- name: muted_cases
-- Those of some cases of an org that are muted now.
SELECT case_id FROM mutes WHERE org_id = :org_id AND case_id IN :case_ids AND until_at > :now ORDER BY case_id;

-- name: last_results
-- The last results of a case, newest first.
SELECT app_version_id, kind, outcome, failing_since_at, took_us
FROM case_results
WHERE org_id = :org_id AND case_id = :case_id
ORDER BY number DESC
LIMIT :limit;

-- name: insert_result
-- Keep what a case came to in a job.
INSERT INTO case_results (
    org_id, case_id, job_number, app_version_id, kind, outcome, standing, failing_since_at, muted, took_us, executions,
    ended_at
) VALUES (
    :org_id, :case_id, :job_number, :app_version_id, :kind, :outcome, :standing, :failing_since_at, :muted, :took_us,
    :executions, :ended_at
);

-- name: keep_case
-- Know how a case did in its last results.
INSERT INTO org_cases (
    org_id, case_id, title, file, project, passed, failed, flaky, skipped, not_run, flips, flaky_ppm, mean_us,
    trend_ppm, first_seen_at, last_seen_at, last_outcome
) VALUES (
    :org_id, :case_id, :title, :file, :project, :passed, :failed, :flaky, :skipped, :not_run, :flips, :flaky_ppm,
    :mean_us, :trend_ppm, :last_seen_at, :last_seen_at, :last_outcome
)
ON CONFLICT (org_id, case_id) DO UPDATE
SET title = excluded.title, file = excluded.file, project = excluded.project, passed = excluded.passed,
    failed = excluded.failed, flaky = excluded.flaky, skipped = excluded.skipped, not_run = excluded.not_run,
    flips = excluded.flips, flaky_ppm = excluded.flaky_ppm, mean_us = excluded.mean_us,
    trend_ppm = excluded.trend_ppm, last_seen_at = excluded.last_seen_at, last_outcome = excluded.last_outcome;

-- name: excuse_job
-- A job that we have moved decides nothing: muted cases alone made it what it is.
UPDATE jobs SET excused = 1 WHERE number = :number;

-- name: results_of_jobs
-- What the cases of some jobs came to, beside how they had done before.
SELECT case_results.job_number, case_results.case_id, case_results.standing, case_results.failing_since_at,
       case_results.muted, org_cases.flaky_ppm
FROM case_results
LEFT JOIN org_cases ON org_cases.org_id = case_results.org_id AND org_cases.case_id = case_results.case_id
WHERE case_results.job_number IN :numbers
ORDER BY case_results.job_number, case_results.case_id;

-- name: cases_page
-- A page of an org's cases, those first that have most of what is asked for; those that have none of it are left out.
SELECT * FROM (
    SELECT org_cases.*,
           mutes.owner, mutes.until_at, mutes.reason, mutes.created_at,
           CASE CAST(:wanted AS TEXT)
               WHEN 'flaky' THEN -COALESCE(flaky_ppm, 0)
               WHEN 'slowest' THEN -COALESCE(mean_us, 0)
               WHEN 'slowing' THEN CASE WHEN trend_ppm > 1000000 THEN -trend_ppm ELSE 0 END
               WHEN 'failing' THEN -failed
               ELSE -last_seen_at
           END AS place
    FROM org_cases
    LEFT JOIN mutes
      ON mutes.org_id = org_cases.org_id AND mutes.case_id = org_cases.case_id AND mutes.until_at > :now
    WHERE org_cases.org_id = :org_id
) AS placed
WHERE place < 0 AND (place > :place OR (place = :place AND case_id > :case_id))
ORDER BY place, case_id
LIMIT :limit;

-- name: case_of_org
-- One case of an org.
SELECT org_cases.*, mutes.owner, mutes.until_at, mutes.reason, mutes.created_at
FROM org_cases
LEFT JOIN mutes ON mutes.org_id = org_cases.org_id AND mutes.case_id = org_cases.case_id AND mutes.until_at > :now
WHERE org_cases.org_id = :org_id AND org_cases.case_id = :case_id;

-- name: past_of_case
-- The last results of a case with the jobs that they are of, newest first.
SELECT case_results.*, jobs.job_id, jobs.target, runs.run_id
FROM case_results
JOIN jobs ON jobs.number = case_results.job_number
JOIN runs ON runs.number = jobs.run_number
WHERE case_results.org_id = :org_id AND case_results.case_id = :case_id
ORDER BY case_results.number DESC
LIMIT :limit;

-- name: mutes_of_org
-- The mutes of an org that are in force, by when they end, with what is known of their cases.
SELECT mutes.*, org_cases.title, org_cases.file
FROM mutes LEFT JOIN org_cases ON org_cases.org_id = mutes.org_id AND org_cases.case_id = mutes.case_id
WHERE mutes.org_id = :org_id AND mutes.until_at > :now
ORDER BY mutes.until_at, mutes.case_id
LIMIT :limit;

-- name: mute_of_case
-- The mute of a case, if one is in force.
SELECT mutes.*, org_cases.title, org_cases.file
FROM mutes LEFT JOIN org_cases ON org_cases.org_id = mutes.org_id AND org_cases.case_id = mutes.case_id
WHERE mutes.org_id = :org_id AND mutes.case_id = :case_id AND mutes.until_at > :now;

-- name: drop_old_mutes
-- Forget the mutes of an org that are over.
DELETE FROM mutes WHERE org_id = :org_id AND until_at <= :now;

-- name: keep_mute
-- Mute a case, or say anew until when and why.
INSERT INTO mutes (org_id, case_id, owner, until_at, reason, created_at)
VALUES (:org_id, :case_id, :owner, :until_at, :reason, :created_at)
ON CONFLICT (org_id, case_id) DO UPDATE
SET owner = excluded.owner, until_at = excluded.until_at, reason = excluded.reason, created_at = excluded.created_at;

-- name: drop_mute
-- Let a case decide again.
DELETE FROM mutes WHERE org_id = :org_id AND case_id = :case_id;
