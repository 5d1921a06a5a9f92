-- name: wrong_groups
-- Groups whose sums are not what their jobs and leases say.
SELECT groups.group_id, counted.*, groups.*
FROM groups JOIN (
    SELECT g.group_id AS id,
           (SELECT COUNT(*) FROM jobs WHERE jobs.group_id = g.group_id) AS true_jobs,
           (SELECT COUNT(*) FROM ready WHERE ready.group_id = g.group_id) AS true_waiting,
           (SELECT COALESCE(-SUM(slow_us), 0) FROM ready WHERE ready.group_id = g.group_id) AS true_work_us,
           (SELECT COUNT(*) FROM resting JOIN jobs ON jobs.number = resting.job_number
            WHERE jobs.group_id = g.group_id) AS true_resting,
           (SELECT COUNT(*) FROM leases WHERE leases.group_id = g.group_id AND ended_at IS NULL) AS true_servers,
           (SELECT COALESCE(SUM(busy_until_at), 0) FROM leases
            WHERE leases.group_id = g.group_id AND ended_at IS NULL) AS true_busy,
           (SELECT MIN(lane) FROM ready WHERE ready.group_id = g.group_id) AS true_lane
    FROM groups AS g
) AS counted ON counted.id = groups.group_id
WHERE jobs <> true_jobs OR waiting <> true_waiting OR work_us <> true_work_us OR resting <> true_resting
   OR servers <> true_servers OR busy_until_at <> true_busy OR rank_lane IS NOT true_lane;

-- name: wrong_counts
-- Orgs and statuses whose counter is not the number of their jobs.
SELECT org_id, status, jobs, (
    SELECT COUNT(*) FROM jobs WHERE jobs.org_id = job_counts.org_id AND jobs.status = job_counts.status
) AS true_jobs
FROM job_counts
WHERE jobs <> true_jobs;

-- name: uncounted_jobs
-- Jobs that no counter knows.
SELECT job_id FROM jobs WHERE NOT EXISTS (
    SELECT 1 FROM job_counts WHERE job_counts.org_id = jobs.org_id AND job_counts.status = jobs.status
);

-- name: misplaced_jobs
-- Jobs that are not in exactly the one place that their status says.
SELECT job_id, status, listed, rests, open_attempts FROM (
    SELECT job_id, status, lease,
           (SELECT COUNT(*) FROM ready WHERE job_number = jobs.number) AS listed,
           (SELECT COUNT(*) FROM resting WHERE job_number = jobs.number) AS rests,
           (SELECT COUNT(*) FROM attempts JOIN leases ON leases.token = attempts.lease
            WHERE attempts.job_id = jobs.job_id AND attempts.ended_at IS NULL AND leases.ended_at IS NULL
           ) AS open_attempts
    FROM jobs
)
WHERE (status = 'pending') <> (listed + rests = 1)
   OR listed + rests > 1
   OR (status IN ('queued', 'running')) <> (open_attempts = 1)
   OR open_attempts > 1
   OR (status IN ('queued', 'running')) <> (lease IS NOT NULL);

-- name: stray_attempts
-- Attempts that are still open although their lease is over.
SELECT attempts.job_id, attempts.number
FROM attempts JOIN leases ON leases.token = attempts.lease
WHERE attempts.ended_at IS NULL AND leases.ended_at IS NOT NULL;

-- name: wrong_workers
-- Workers whose lease is not the one lease in force that names them.
SELECT worker_id, lease FROM workers
WHERE lease IS NOT (SELECT MAX(token) FROM leases WHERE leases.worker_id = workers.worker_id AND ended_at IS NULL)
   OR (SELECT COUNT(*) FROM leases WHERE leases.worker_id = workers.worker_id AND ended_at IS NULL) > 1;

-- name: wrong_totals
-- Orgs whose ledger is not what the rows beneath it say.
SELECT * FROM totals
WHERE groups <> (SELECT COUNT(*) FROM groups WHERE groups.org_id = totals.org_id)
   OR installs <> (SELECT COUNT(*) FROM installs WHERE installs.org_id = totals.org_id AND done = 1)
   OR installs_stock <> (
       SELECT COUNT(*) FROM cases JOIN jobs ON jobs.job_id = cases.job_id
       WHERE jobs.org_id = totals.org_id AND cases.session = 1
   )
   OR sessions <> (
       SELECT COALESCE(SUM(sessions), 0) FROM attempts JOIN jobs ON jobs.job_id = attempts.job_id
       WHERE jobs.org_id = totals.org_id
   );
