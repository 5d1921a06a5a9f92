-- name: insert_run
-- Make a run whose jobs all wait; answers its number.
INSERT INTO runs (run_id, org_id, created_at, retry_budget, supersede, jobs, waiting)
VALUES (:run_id, :org_id, :now, :retry_budget, :supersede, :jobs, :jobs)
RETURNING number;

-- name: run_by_id
-- One run.
SELECT * FROM runs WHERE run_id = :run_id;

-- name: retries_of_run
-- How many retries of failed tests a run has had.
SELECT retries FROM runs WHERE number = :number;

-- name: add_to_run
-- Keep the counts of a run; the numbers are differences.
UPDATE runs
SET jobs = jobs + :jobs, waiting = waiting + :waiting, ended = ended + :ended, passed = passed + :passed,
    retries = retries + :retries
WHERE run_id = :run_id;

-- name: insert_job
-- Accept a job, waiting.
INSERT INTO jobs (
    job_id, run_number, group_id, org_id, app_version_id, test_path, target, priority, platform, bundle, project,
    reset, asked_retries, timeout_s, idle_timeout_s, queue_timeout_s, metadata, retry_of, os_version, model, tags, pin,
    pin_only, lane, due_at, estimate_us, deadline_at, grep, status, created_at, updated_at, max_retries
) VALUES (
    :job_id, :run_number, :group_id, :org_id, :app_version_id, :test_path, :target, :priority, :platform, :bundle,
    :project, :reset, :asked_retries, :timeout_s, :idle_timeout_s, :queue_timeout_s, :metadata, :retry_of, :os_version,
    :model, :tags, :pin, :pin_only, :lane, :due_at, :estimate_us, :deadline_at, :grep, 'pending', :now, :now, :max_retries
);

-- name: job_by_id
-- One job, with the id of its run.
SELECT jobs.*, runs.run_id FROM jobs JOIN runs ON runs.number = jobs.run_number WHERE job_id = :job_id;

-- name: jobs_page
-- A page of all jobs, oldest first.
SELECT jobs.*, runs.run_id
FROM jobs JOIN runs ON runs.number = jobs.run_number
WHERE jobs.number > :after
ORDER BY jobs.number
LIMIT :limit;

-- name: jobs_page_of_org
-- A page of an org's jobs, oldest first.
SELECT jobs.*, runs.run_id
FROM jobs JOIN runs ON runs.number = jobs.run_number
WHERE jobs.org_id = :org_id AND jobs.number > :after
ORDER BY jobs.number
LIMIT :limit;

-- name: jobs_page_of_run
-- A page of a run's jobs, in the order of the request.
SELECT jobs.*, runs.run_id
FROM runs JOIN jobs ON jobs.run_number = runs.number
WHERE runs.run_id = :run_id
  AND jobs.number > :after
  AND (CAST(:org_id AS TEXT) IS NULL OR jobs.org_id = :org_id)
  AND (CAST(:status AS TEXT) IS NULL OR jobs.status = :status)
  AND (CAST(:app_version_id AS TEXT) IS NULL OR app_version_id = :app_version_id)
ORDER BY jobs.number
LIMIT :limit;

-- name: lease_jobs
-- Waiting jobs that we have locked go to a worker.
UPDATE jobs
SET status = :status, lease = :lease, worker_id = :worker_id, attempt = attempt + 1, updated_at = :now
WHERE number IN :numbers;

-- name: jobs_in_hand
-- Jobs to be moved, locked until that is done, with what their attempts came to and as which class their worker serves.
SELECT jobs.number, jobs.job_id, runs.run_id, jobs.run_number, jobs.group_id, jobs.org_id, jobs.app_version_id,
       jobs.test_path, jobs.grep, jobs.target, jobs.platform, jobs.priority, jobs.lane, jobs.due_at, jobs.estimate_us,
       jobs.asked_retries, jobs.max_retries, jobs.retry_count, jobs.infra_count, jobs.timeout_s, jobs.queue_timeout_s,
       jobs.status, jobs.updated_at, jobs.started_at, jobs.worker_id, jobs.lease, jobs.result, jobs.error_message,
       jobs.cancel_requested, jobs.last_attempt, runs.retry_budget, leases.worker_class,
       (SELECT COUNT(*) FROM attempts
        WHERE attempts.job_id = jobs.job_id
          AND (attempts.started_at IS NOT NULL OR attempts.verdict IS NOT NULL)) AS begun,
       (SELECT COUNT(*) FROM attempts
        WHERE attempts.job_id = jobs.job_id AND attempts.started_at IS NULL AND attempts.verdict IS NULL
          AND attempts.ended_at IS NOT NULL) AS unbegun
FROM jobs
JOIN runs ON runs.number = jobs.run_number
LEFT JOIN leases ON leases.token = jobs.lease
WHERE jobs.job_id IN :job_ids
ORDER BY jobs.number
FOR NO KEY UPDATE OF jobs;

-- name: open_jobs_in_hand
-- The same of the jobs that a lease has open, with their attempts, and to how many jobs the lease was given in all. Of
-- a job at its first attempt all its attempts are known.
SELECT jobs.number, jobs.job_id, runs.run_id, jobs.run_number, jobs.group_id, jobs.org_id, jobs.app_version_id,
       jobs.test_path, jobs.grep, jobs.target, jobs.platform, jobs.priority, jobs.lane, jobs.due_at, jobs.estimate_us,
       jobs.asked_retries, jobs.max_retries, jobs.retry_count, jobs.infra_count, jobs.timeout_s, jobs.queue_timeout_s,
       jobs.status, jobs.updated_at, jobs.started_at, jobs.worker_id, jobs.lease, jobs.result, jobs.error_message,
       jobs.cancel_requested, jobs.last_attempt, runs.retry_budget, leases.worker_class,
       CASE WHEN attempts.number > 1 THEN (
           SELECT COUNT(*) FROM attempts AS all_attempts
           WHERE all_attempts.job_id = jobs.job_id
             AND (all_attempts.started_at IS NOT NULL OR all_attempts.verdict IS NOT NULL)
       ) WHEN attempts.started_at IS NULL THEN 0 ELSE 1 END AS begun,
       CASE WHEN attempts.number > 1 THEN (
           SELECT COUNT(*) FROM attempts AS all_attempts
           WHERE all_attempts.job_id = jobs.job_id AND all_attempts.started_at IS NULL
             AND all_attempts.verdict IS NULL AND all_attempts.ended_at IS NOT NULL
       ) ELSE 0 END AS unbegun,
       attempts.number AS attempt, attempts.place, attempts.started_at AS attempt_started_at,
       (SELECT COUNT(*) FROM attempts WHERE attempts.lease = :lease) AS given
FROM attempts
JOIN jobs ON jobs.job_id = attempts.job_id
JOIN runs ON runs.number = jobs.run_number
JOIN leases ON leases.token = attempts.lease
WHERE attempts.lease = :lease AND attempts.ended_at IS NULL
ORDER BY jobs.number
FOR NO KEY UPDATE OF jobs;

-- name: move_job
-- A job that we have locked is now as it is here.
UPDATE jobs
SET status = :status, verdict = :verdict, started_at = :started_at, completed_at = :completed_at,
    worker_id = :worker_id, lease = :lease, retry_count = :retry_count, infra_count = :infra_count,
    result = :result, error_message = :error_message, updated_at = :updated_at,
    passed = :passed, failed = :failed, flaky = :flaky, skipped = :skipped, not_run = :not_run, excused = :excused
WHERE number = :number;

-- name: ask_job_to_stop
-- A person wants a leased job stopped.
UPDATE jobs SET cancel_requested = 1, updated_at = :now WHERE job_id = :job_id;

-- name: end_with_this_attempt
-- What comes of the attempt that runs is what comes of the job: its run was superseded.
UPDATE jobs SET last_attempt = 1 WHERE job_id = :job_id;

-- name: cancel_untried_jobs
-- Cancel what of a run waits and was never tried; answers what its places and sums lose by it.
UPDATE jobs
SET status = :status, verdict = :verdict, result = :result, error_message = :message, completed_at = :now,
    updated_at = :now
WHERE run_number = :run_number AND status = 'pending' AND attempt = 0
RETURNING number AS job_number, job_id, group_id, lane, priority, -estimate_us AS slow_us;

-- name: unfinished_jobs_of_run
-- What of a run is not final, in the order of the request.
SELECT job_id, lease FROM jobs
WHERE run_number = :run_number AND status IN ('pending', 'queued', 'running')
ORDER BY number;

-- name: jobs_of_run
-- The jobs of a run, in the order of the request.
SELECT jobs.*, runs.run_id
FROM jobs JOIN runs ON runs.number = jobs.run_number
WHERE jobs.run_number = :run_number
ORDER BY jobs.number;

-- name: set_max_retries
-- What the project's own configuration says of retries, where the job said nothing.
UPDATE jobs SET max_retries = :max_retries WHERE job_id = :job_id;

-- name: note_on_job
-- What the worker that holds a job wants kept with it meanwhile.
UPDATE jobs
SET result = COALESCE(:result, result), error_message = COALESCE(:error_message, error_message), updated_at = :now
WHERE job_id = :job_id;

-- name: statuses_of_run
-- How many jobs of a run have each status and verdict, how many of them are excused, and the sum of their cases.
SELECT status, verdict, COUNT(*) AS jobs,
       CAST(SUM(COALESCE(excused, 0)) AS BIGINT) AS excused,
       CAST(SUM(passed) AS BIGINT) AS passed,
       CAST(SUM(failed) AS BIGINT) AS failed,
       CAST(SUM(flaky) AS BIGINT) AS flaky,
       CAST(SUM(skipped) AS BIGINT) AS skipped,
       CAST(SUM(not_run) AS BIGINT) AS not_run
FROM jobs
WHERE run_number = :run_number
GROUP BY status, verdict
ORDER BY status, verdict;

-- name: job_ids_of_run
-- The jobs of a run, in the order of the request.
SELECT job_id FROM jobs WHERE run_number = :run_number ORDER BY number;

-- name: job_numbers_of_run
-- The numbers of a run's jobs behind one of them, in the order of the request.
SELECT number FROM jobs WHERE run_number = :run_number AND number > :after ORDER BY number LIMIT :limit;
