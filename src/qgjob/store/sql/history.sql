-- name: past_jobs
-- A page of jobs, newest first, each with how long its last attempt took that its test brought to an end.
SELECT jobs.number, jobs.job_id, jobs.group_id, jobs.org_id, jobs.app_version_id, jobs.priority, jobs.test_path,
       jobs.created_at, runs.run_id, (
           SELECT attempts.seconds FROM attempts
           WHERE attempts.job_id = jobs.job_id AND attempts.verdict IN ('passed', 'flaky', 'failed', 'timed_out')
           ORDER BY attempts.number DESC
           LIMIT 1
       ) AS seconds
FROM jobs JOIN runs ON runs.number = jobs.run_number
WHERE jobs.number < :before
ORDER BY jobs.number DESC
LIMIT :limit;

-- name: past_installs
-- A page of installations that devices brought to their end, newest first.
SELECT installs.number, installs.app_version_id, installs.org_id, installs.worker_id, installs.took_us, installs.at
FROM installs
WHERE installs.number < :before AND installs.done = 1
ORDER BY installs.number DESC
LIMIT :limit;

-- name: org_weights
-- The shares of orgs that were given one.
SELECT org_id, weight FROM org_weights ORDER BY org_id;
