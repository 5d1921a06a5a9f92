-- name: list_runs
-- Put all the jobs of some new runs on the list of what can be claimed.
INSERT INTO ready (group_id, lane, due_at, run_number, slow_us, job_number, org_id)
SELECT group_id, lane, due_at, run_number, -estimate_us, number, org_id FROM jobs WHERE run_number IN :run_numbers;

-- name: list_jobs
-- Put some new jobs on the list, of runs that were there before.
INSERT INTO ready (group_id, lane, due_at, run_number, slow_us, job_number, org_id)
SELECT group_id, lane, due_at, run_number, -estimate_us, number, org_id FROM jobs WHERE job_id IN :job_ids;

-- name: list_job
-- Put one job on the list.
INSERT INTO ready (group_id, lane, due_at, run_number, slow_us, job_number, org_id, avoid_worker, avoid_until_at)
VALUES (
    :group_id, :lane, :due_at, :run_number, :slow_us, :job_number, :org_id, :avoid_worker, :avoid_until_at
);

-- name: rest_job
-- A job rests until a time, and is then kept for other workers for a while.
INSERT INTO resting (job_number, org_id, until_at, avoid_worker, avoid_until_at)
VALUES (:job_number, :org_id, :until_at, :avoid_worker, :avoid_until_at);

-- name: stir_job
-- A job rests no more, if it did.
DELETE FROM resting WHERE job_number = :job_number;

-- name: list_ended
-- Put a job on the list of those that have ended with its status.
INSERT INTO ended (org_id, status, job_number) VALUES (:org_id, :status, :job_number);

-- name: rested_jobs
-- Jobs that have rested enough, the longest first; those that somebody else is moving right now are left out.
SELECT jobs.number AS job_number, jobs.org_id, jobs.group_id, jobs.lane, jobs.due_at, jobs.run_number,
       -jobs.estimate_us AS slow_us, resting.avoid_worker, resting.avoid_until_at
FROM (
    SELECT * FROM resting WHERE until_at <= :now ORDER BY until_at, job_number LIMIT :limit
) AS resting
JOIN jobs ON jobs.number = resting.job_number
WHERE jobs.status = 'pending'
ORDER BY resting.until_at, resting.job_number
FOR NO KEY UPDATE OF jobs SKIP LOCKED;

-- name: stir_jobs
-- These jobs rest no more.
DELETE FROM resting WHERE job_number IN :job_numbers;

-- name: ready_jobs
-- The best waiting jobs of a group, in the order in which they should run, locked until they are leased; those that
-- somebody else is moving right now are left out.
SELECT ready.group_id, ready.lane, ready.due_at, ready.run_number, ready.slow_us, ready.job_number, ready.avoid_worker,
       ready.avoid_until_at, runs.run_id, jobs.job_id, jobs.attempt, jobs.test_path, jobs.grep, jobs.timeout_s,
       jobs.idle_timeout_s, jobs.bundle, jobs.project, jobs.reset, jobs.pin, jobs.pin_only, jobs.updated_at
FROM ready JOIN jobs ON jobs.number = ready.job_number JOIN runs ON runs.number = ready.run_number
WHERE ready.group_id = :group_id AND jobs.status = 'pending'
ORDER BY ready.lane, ready.due_at, ready.run_number, ready.slow_us, ready.job_number
LIMIT :limit
FOR NO KEY UPDATE OF jobs SKIP LOCKED;

-- name: limit_waits
-- Jobs of some new runs may not wait for ever.
INSERT INTO queue_limits (job_number, limit_us, due_at)
SELECT number, CAST(queue_timeout_s * 1000000 AS BIGINT), created_at + CAST(queue_timeout_s * 1000000 AS BIGINT)
FROM jobs
WHERE run_number IN :run_numbers AND queue_timeout_s IS NOT NULL;

-- name: limit_waits_of_jobs
-- Some new jobs of runs that were there before may not wait for ever.
INSERT INTO queue_limits (job_number, limit_us, due_at)
SELECT number, CAST(queue_timeout_s * 1000000 AS BIGINT), created_at + CAST(queue_timeout_s * 1000000 AS BIGINT)
FROM jobs
WHERE job_id IN :job_ids AND queue_timeout_s IS NOT NULL;

-- name: due_queue_limits
-- Jobs that may have waited too long, the longest first.
SELECT queue_limits.job_number, queue_limits.limit_us, jobs.job_id
FROM queue_limits JOIN jobs ON jobs.number = queue_limits.job_number
WHERE queue_limits.due_at <= :now
ORDER BY queue_limits.due_at, queue_limits.job_number
LIMIT :limit;

-- name: move_queue_limit
-- When to look again whether a job waits too long.
UPDATE queue_limits SET due_at = :due_at WHERE job_number = :job_number;

-- name: drop_queue_limits
-- These jobs have ended, and wait no more.
DELETE FROM queue_limits WHERE job_number IN :job_numbers;

-- name: take_ready
-- Take a job off the list; changes nothing when somebody else has.
DELETE FROM ready
WHERE group_id = :group_id AND lane = :lane AND due_at = :due_at AND run_number = :run_number
  AND slow_us = :slow_us AND job_number = :job_number;

-- name: take_first_ready
-- Take jobs of one group off the head of the list, none of which stands behind the place that is given.
DELETE FROM ready
WHERE group_id = :group_id
  AND (lane, due_at, run_number, slow_us, job_number) <= (:lane, :due_at, :run_number, :slow_us, :job_number)
  AND job_number IN :numbers;

-- name: take_ready_jobs
-- Take jobs of one group off the list, wherever they stand on it.
DELETE FROM ready
WHERE group_id = :group_id
  AND (lane, due_at, run_number, slow_us, job_number) IN (
      SELECT lane, due_at, run_number, -estimate_us, number FROM jobs WHERE number IN :numbers
  );
