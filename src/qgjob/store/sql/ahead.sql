-- What the farm's future is worked out from; nothing here is asked by a verb.

-- name: workers_ahead
-- The workers that hold a lease or gave a sign of life lately, with that lease.
SELECT workers.*, leases.group_id, leases.busy_until_at, leases.org_id AS lease_org_id,
       leases.app_version_id AS lease_app_version_id
FROM workers LEFT JOIN leases ON leases.token = workers.lease
WHERE workers.lease IS NOT NULL
   OR (workers.present = 1 AND workers.agent_id IS NULL AND workers.seen_at >= :protocol1_since_at)
   OR (workers.present = 1 AND workers.agent_id IS NOT NULL AND workers.seen_at >= :agents_since_at)
ORDER BY workers.number
LIMIT :limit;

-- name: jobs_before
-- The jobs of one lane that stand before a place on their group's list, as far as the limit goes.
SELECT COUNT(*) AS jobs, CAST(COALESCE(-SUM(slow_us), 0) AS BIGINT) AS work_us
FROM (
    SELECT slow_us FROM ready
    WHERE group_id = :group_id AND lane = :lane
      AND (due_at, run_number, slow_us, job_number) < (:due_at, :run_number, :slow_us, :job_number)
    ORDER BY due_at, run_number, slow_us, job_number
    LIMIT :limit
) AS before;

-- name: groups_before
-- The groups of a requirement that nobody serves and that come before a rank, as far as the limit goes.
SELECT COUNT(*) AS groups, CAST(COALESCE(SUM(waiting), 0) AS BIGINT) AS jobs
FROM (
    SELECT waiting FROM groups
    WHERE needs = :needs AND waiting > 0 AND servers = 0
      AND (rank_lane, rank_due_at, rank_run) < (:lane, :due_at, :run_number)
    ORDER BY rank_lane, rank_due_at, rank_run
    LIMIT :limit
) AS before;

-- name: waiting_job
-- A job that waits: its place on its group's list, until when it rests or is kept from a worker.
SELECT jobs.job_id, jobs.number AS job_number, jobs.group_id, jobs.lane, jobs.due_at, jobs.run_number,
       -jobs.estimate_us AS slow_us, resting.until_at,
       COALESCE(resting.avoid_worker, ready.avoid_worker) AS avoid_worker,
       COALESCE(resting.avoid_until_at, ready.avoid_until_at) AS avoid_until_at
FROM jobs
LEFT JOIN resting ON resting.job_number = jobs.number
LEFT JOIN ready
  ON ready.group_id = jobs.group_id AND ready.lane = jobs.lane AND ready.due_at = jobs.due_at
 AND ready.run_number = jobs.run_number AND ready.slow_us = -jobs.estimate_us AND ready.job_number = jobs.number
WHERE jobs.job_id = :job_id AND jobs.status = 'pending';

-- name: last_waiting_jobs_of_run
-- Of what waits of a run the last job of each group: of those that rest, and of the others.
SELECT job_id, job_number, group_id, lane, due_at, run_number, slow_us, until_at FROM (
    SELECT jobs.job_id, jobs.number AS job_number, jobs.group_id, jobs.lane, jobs.due_at, jobs.run_number,
           -jobs.estimate_us AS slow_us, resting.until_at,
           ROW_NUMBER() OVER (
               PARTITION BY jobs.group_id, CASE WHEN resting.until_at IS NULL THEN 0 ELSE 1 END
               ORDER BY resting.until_at DESC, jobs.lane DESC, jobs.due_at DESC, jobs.estimate_us, jobs.number DESC
           ) AS place
    FROM jobs LEFT JOIN resting ON resting.job_number = jobs.number
    WHERE jobs.run_number = :run_number AND jobs.status = 'pending'
) AS placed
WHERE place = 1
ORDER BY job_number
LIMIT :limit;

-- name: leases_at_work_on_run
-- The jobs of a run that are in a lease, and which.
SELECT job_id, lease FROM jobs
WHERE run_number = :run_number AND status IN ('queued', 'running')
ORDER BY number
LIMIT :limit;

-- name: left_to_do
-- What a lease has left to do, in its order.
SELECT attempts.job_id, attempts.started_at, jobs.estimate_us, leases.busy_until_at
FROM attempts
JOIN jobs ON jobs.job_id = attempts.job_id
JOIN leases ON leases.token = attempts.lease
WHERE attempts.lease = :lease AND attempts.ended_at IS NULL
ORDER BY attempts.place;

-- name: last_lease_of_worker
-- The last lease of a worker, if it is among the newest of all.
SELECT * FROM (SELECT * FROM leases ORDER BY token DESC LIMIT :limit) AS newest
WHERE worker_id = :worker_id
ORDER BY token DESC
LIMIT 1;

-- name: jobs_of_lease
-- The jobs that a lease was given, in the order in which they should run.
SELECT job_id FROM attempts WHERE lease = :lease ORDER BY place;

-- name: leases_of_job
-- The leases that a job was given to, oldest first.
SELECT leases.*, attempts.number, workers.name AS worker_name
FROM attempts
JOIN leases ON leases.token = attempts.lease
JOIN workers ON workers.worker_id = attempts.worker_id
WHERE attempts.job_id = :job_id
ORDER BY attempts.number;
