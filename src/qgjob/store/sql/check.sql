-- Each of these finds what is not as promised, so a farm that is well answers nothing; `service.check` has the promises.
-- They read whole tables, each of them once: for people and tests that ask whether all is well, never for a request.

-- name: check_group_sums
-- Groups whose sums are not what their jobs, places and leases say.
SELECT * FROM (
    SELECT groups.group_id,
           groups.jobs, COALESCE(owned.jobs, 0) AS true_jobs,
           groups.waiting, COALESCE(listed.waiting, 0) AS true_waiting,
           groups.work_us, COALESCE(listed.work_us, 0) AS true_work_us,
           groups.resting, COALESCE(rested.resting, 0) AS true_resting,
           groups.servers, COALESCE(held.servers, 0) AS true_servers,
           groups.ends_ms, COALESCE(held.ends_ms, 0) AS true_ends_ms,
           groups.urgent, COALESCE(listed.urgent, 0) AS true_urgent,
           groups.urgent_us, COALESCE(listed.urgent_us, 0) AS true_urgent_us,
           groups.done_ms,
           CASE WHEN groups.servers > 0 THEN (groups.ends_ms + groups.work_us / 1000) / groups.servers ELSE 0 END
               AS true_done_ms
    FROM groups
    LEFT JOIN (SELECT group_id, COUNT(*) AS jobs FROM jobs GROUP BY group_id) AS owned
      ON owned.group_id = groups.group_id
    LEFT JOIN (
        SELECT group_id, COUNT(*) AS waiting, CAST(-SUM(slow_us) AS BIGINT) AS work_us,
               SUM(CASE WHEN lane = 0 THEN 1 ELSE 0 END) AS urgent,
               CAST(SUM(CASE WHEN lane = 0 THEN -slow_us ELSE 0 END) AS BIGINT) AS urgent_us
        FROM ready GROUP BY group_id
    ) AS listed ON listed.group_id = groups.group_id
    LEFT JOIN (
        SELECT jobs.group_id, COUNT(*) AS resting
        FROM resting JOIN jobs ON jobs.number = resting.job_number
        GROUP BY jobs.group_id
    ) AS rested ON rested.group_id = groups.group_id
    LEFT JOIN (
        SELECT group_id, COUNT(*) AS servers, CAST(SUM(busy_until_at / 1000) AS BIGINT) AS ends_ms
        FROM leases
        WHERE ended_at IS NULL
        GROUP BY group_id
    ) AS held ON held.group_id = groups.group_id
) AS compared
WHERE jobs <> true_jobs OR waiting <> true_waiting OR work_us <> true_work_us OR resting <> true_resting
   OR servers <> true_servers OR ends_ms <> true_ends_ms OR urgent <> true_urgent OR urgent_us <> true_urgent_us
   OR done_ms <> true_done_ms
ORDER BY group_id
LIMIT :limit;

-- name: check_group_ranks
-- Groups whose rank is not that of their best waiting job.
SELECT groups.group_id, groups.rank_lane, groups.rank_due_at, groups.rank_run
FROM groups
WHERE (groups.rank_lane IS NULL AND EXISTS (SELECT 1 FROM ready WHERE ready.group_id = groups.group_id))
   OR (groups.rank_lane IS NOT NULL AND (
       NOT EXISTS (
           SELECT 1 FROM ready
           WHERE ready.group_id = groups.group_id AND ready.lane = groups.rank_lane
             AND ready.due_at = groups.rank_due_at AND ready.run_number = groups.rank_run
       )
       OR EXISTS (
           SELECT 1 FROM ready
           WHERE ready.group_id = groups.group_id
             AND (ready.lane, ready.due_at, ready.run_number) < (groups.rank_lane, groups.rank_due_at, groups.rank_run)
       )
   ))
ORDER BY groups.group_id
LIMIT :limit;

-- name: check_job_counts
-- Orgs and statuses whose counter is not the number of their jobs, removed ones included; and jobs that none knows.
SELECT org_id, status, CAST(SUM(counted) AS BIGINT) AS jobs, CAST(SUM(found) AS BIGINT) AS true_jobs
FROM (
    SELECT org_id, status, jobs AS counted, 0 AS found FROM job_counts
    UNION ALL
    SELECT org_id, status, 0 AS counted, COUNT(*) AS found FROM jobs GROUP BY org_id, status
    UNION ALL
    SELECT org_id, what, 0 AS counted, amount AS found FROM removed WHERE what IN ('completed', 'failed', 'cancelled')
) AS both_ways
GROUP BY org_id, status
HAVING SUM(counted) <> SUM(found)
ORDER BY org_id, status
LIMIT :limit;

-- name: check_backlogs
-- Orgs, requirements and priorities whose backlog is not what their jobs say that are not final.
SELECT org_id, requirement, priority, CAST(SUM(jobs) AS BIGINT) AS jobs, CAST(SUM(true_jobs) AS BIGINT) AS true_jobs,
       CAST(SUM(work_us) AS BIGINT) AS work_us, CAST(SUM(true_work_us) AS BIGINT) AS true_work_us
FROM (
    SELECT org_id, requirement, priority, jobs, work_us, 0 AS true_jobs, 0 AS true_work_us FROM backlogs
    UNION ALL
    SELECT jobs.org_id, groups.requirement, jobs.priority, 0, 0, 1, jobs.estimate_us
    FROM jobs JOIN groups ON groups.group_id = jobs.group_id
    WHERE jobs.status IN ('pending', 'queued', 'running')
) AS both_ways
GROUP BY org_id, requirement, priority
HAVING SUM(jobs) <> SUM(true_jobs) OR SUM(work_us) <> SUM(true_work_us)
ORDER BY org_id, requirement, priority
LIMIT :limit;

-- name: check_runs
-- Runs whose counts are not what their jobs say, and superseded ones in which something waits.
SELECT * FROM (
    SELECT runs.run_id, runs.superseded_by,
           runs.jobs, COALESCE(owned.jobs, 0) AS true_jobs,
           runs.waiting, COALESCE(owned.waiting, 0) AS true_waiting,
           runs.ended, COALESCE(owned.ended, 0) AS true_ended,
           runs.passed, COALESCE(owned.passed, 0) AS true_passed
    FROM runs
    LEFT JOIN (
        SELECT run_number, COUNT(*) AS jobs,
               SUM(CASE WHEN status = 'pending' THEN 1 ELSE 0 END) AS waiting,
               SUM(CASE WHEN status IN ('completed', 'failed', 'cancelled') THEN 1 ELSE 0 END) AS ended,
               SUM(CASE WHEN status = 'completed' THEN 1 ELSE 0 END) AS passed
        FROM jobs GROUP BY run_number
    ) AS owned ON owned.run_number = runs.number
) AS compared
WHERE jobs <> true_jobs OR waiting <> true_waiting OR ended <> true_ended OR passed <> true_passed
   OR (superseded_by IS NOT NULL AND true_waiting > 0)
ORDER BY run_id
LIMIT :limit;

-- name: check_places
-- Jobs that are not in exactly the one place that their status says: listed, resting, or in a lease in force.
SELECT * FROM (
    SELECT jobs.job_id, jobs.status, jobs.lease,
           COALESCE(listed.times, 0) AS listed,
           CASE WHEN resting.job_number IS NULL THEN 0 ELSE 1 END AS rests,
           COALESCE(leased.times, 0) AS leased,
           leased.token
    FROM jobs
    LEFT JOIN (SELECT job_number, COUNT(*) AS times FROM ready GROUP BY job_number) AS listed
      ON listed.job_number = jobs.number
    LEFT JOIN resting ON resting.job_number = jobs.number
    LEFT JOIN (
        SELECT attempts.job_id, COUNT(*) AS times, MAX(leases.token) AS token
        FROM leases JOIN attempts ON attempts.lease = leases.token AND attempts.ended_at IS NULL
        WHERE leases.ended_at IS NULL
        GROUP BY attempts.job_id
    ) AS leased ON leased.job_id = jobs.job_id
) AS placed
WHERE listed + rests <> CASE WHEN status = 'pending' THEN 1 ELSE 0 END
   OR leased <> CASE WHEN status IN ('queued', 'running') THEN 1 ELSE 0 END
   OR COALESCE(lease, -1) <> COALESCE(token, -1)
ORDER BY job_id
LIMIT :limit;

-- name: check_queue_limits
-- Waits that are limited of jobs that have ended, or that are not there.
SELECT queue_limits.job_number, jobs.status
FROM queue_limits LEFT JOIN jobs ON jobs.number = queue_limits.job_number
WHERE jobs.number IS NULL OR jobs.status IN ('completed', 'failed', 'cancelled')
ORDER BY queue_limits.job_number
LIMIT :limit;

-- name: check_list
-- Entries of the list that do not say of their job what the job says itself.
SELECT ready.job_number, ready.group_id, ready.lane, ready.due_at, ready.run_number, ready.slow_us, ready.org_id
FROM ready LEFT JOIN jobs ON jobs.number = ready.job_number
WHERE jobs.number IS NULL OR ready.org_id <> jobs.org_id OR ready.group_id <> jobs.group_id OR ready.lane <> jobs.lane
   OR ready.due_at <> jobs.due_at OR ready.run_number <> jobs.run_number OR ready.slow_us <> -jobs.estimate_us
ORDER BY ready.job_number
LIMIT :limit;

-- name: check_ended
-- Jobs that are not listed as ended exactly when they are, under their org and status; and jobs that rest for another org.
SELECT jobs.job_id, jobs.status, ended.status AS listed_as
FROM jobs
LEFT JOIN ended ON ended.org_id = jobs.org_id AND ended.status = jobs.status AND ended.job_number = jobs.number
WHERE (CASE WHEN ended.status IS NULL THEN 0 ELSE 1 END)
      <> (CASE WHEN jobs.status IN ('completed', 'failed', 'cancelled') THEN 1 ELSE 0 END)
UNION ALL
SELECT CAST(ended.job_number AS TEXT), jobs.status, ended.status
FROM ended LEFT JOIN jobs ON jobs.number = ended.job_number
WHERE jobs.number IS NULL OR jobs.org_id <> ended.org_id OR jobs.status <> ended.status
UNION ALL
SELECT jobs.job_id, jobs.status, resting.org_id
FROM resting JOIN jobs ON jobs.number = resting.job_number
WHERE resting.org_id <> jobs.org_id
ORDER BY 1
LIMIT :limit;

-- name: check_verdicts
-- Jobs that are final without a verdict and a time, or have either without being final.
SELECT job_id, status, verdict, completed_at
FROM jobs
WHERE (CASE WHEN verdict IS NULL THEN 0 ELSE 1 END)
      <> (CASE WHEN status IN ('completed', 'failed', 'cancelled') THEN 1 ELSE 0 END)
   OR (CASE WHEN completed_at IS NULL THEN 0 ELSE 1 END)
      <> (CASE WHEN status IN ('completed', 'failed', 'cancelled') THEN 1 ELSE 0 END)
ORDER BY job_id
LIMIT :limit;

-- name: check_open_attempts
-- Attempts that are still open although their lease is over.
SELECT attempts.job_id, attempts.number, attempts.lease
FROM attempts JOIN leases ON leases.token = attempts.lease
WHERE attempts.ended_at IS NULL AND leases.ended_at IS NOT NULL
ORDER BY attempts.job_id, attempts.number
LIMIT :limit;

-- name: check_attempt_numbers
-- Jobs whose attempts are not numbered from 1 up to the job's own count of them.
SELECT * FROM (
    SELECT jobs.job_id, jobs.attempt, COALESCE(made.attempts, 0) AS attempts, COALESCE(made.last, 0) AS last
    FROM jobs
    LEFT JOIN (SELECT job_id, COUNT(*) AS attempts, MAX(number) AS last FROM attempts GROUP BY job_id) AS made
      ON made.job_id = jobs.job_id
) AS numbered
WHERE attempt <> attempts OR attempt <> last
ORDER BY job_id
LIMIT :limit;

-- name: check_workers
-- Workers whose lease is not the one lease in force that names them.
SELECT * FROM (
    SELECT workers.worker_id, workers.lease, COALESCE(held.leases, 0) AS leases, held.token
    FROM workers
    LEFT JOIN (
        SELECT worker_id, COUNT(*) AS leases, MAX(token) AS token FROM leases WHERE ended_at IS NULL GROUP BY worker_id
    ) AS held ON held.worker_id = workers.worker_id
) AS holding
WHERE leases > 1 OR COALESCE(lease, -1) <> COALESCE(token, -1)
ORDER BY worker_id
LIMIT :limit;

-- name: check_totals
-- Orgs whose totals are not what their groups, installs, cases and attempts add up to, with what was removed of them.
SELECT org_id,
       CAST(SUM(groups) AS BIGINT) AS groups, CAST(SUM(true_groups) AS BIGINT) AS true_groups,
       CAST(SUM(installs) AS BIGINT) AS installs, CAST(SUM(true_installs) AS BIGINT) AS true_installs,
       CAST(SUM(install_us) AS BIGINT) AS install_us, CAST(SUM(true_install_us) AS BIGINT) AS true_install_us,
       CAST(SUM(stock) AS BIGINT) AS installs_stock, CAST(SUM(true_stock) AS BIGINT) AS true_installs_stock,
       CAST(SUM(sessions) AS BIGINT) AS sessions, CAST(SUM(true_sessions) AS BIGINT) AS true_sessions
FROM (
    SELECT org_id, groups, 0 AS true_groups, installs, 0 AS true_installs, install_us, 0 AS true_install_us,
           installs_stock AS stock, 0 AS true_stock, sessions, 0 AS true_sessions
    FROM totals
    UNION ALL
    SELECT org_id, 0, COUNT(*), 0, 0, 0, 0, 0, 0, 0, 0 FROM groups GROUP BY org_id
    UNION ALL
    SELECT org_id, 0, 0, 0, CAST(SUM(done) AS BIGINT), 0, CAST(SUM(took_us) AS BIGINT), 0, 0, 0, 0
    FROM installs
    GROUP BY org_id
    UNION ALL
    SELECT jobs.org_id, 0, 0, 0, 0, 0, 0, 0, COUNT(*), 0, 0
    FROM cases JOIN jobs ON jobs.job_id = cases.job_id
    WHERE cases.session = 1
    GROUP BY jobs.org_id
    UNION ALL
    SELECT jobs.org_id, 0, 0, 0, 0, 0, 0, 0, 0, 0, CAST(SUM(attempts.sessions) AS BIGINT)
    FROM attempts JOIN jobs ON jobs.job_id = attempts.job_id
    GROUP BY jobs.org_id
    UNION ALL
    SELECT org_id, 0, 0,
           0, CASE WHEN what = 'installs' THEN amount ELSE 0 END,
           0, CASE WHEN what = 'install_us' THEN amount ELSE 0 END,
           0, CASE WHEN what = 'installs_stock' THEN amount ELSE 0 END,
           0, CASE WHEN what = 'sessions' THEN amount ELSE 0 END
    FROM removed
) AS added
GROUP BY org_id
HAVING SUM(groups) <> SUM(true_groups) OR SUM(installs) <> SUM(true_installs)
    OR SUM(install_us) <> SUM(true_install_us) OR SUM(stock) <> SUM(true_stock)
    OR SUM(sessions) <> SUM(true_sessions)
ORDER BY org_id
LIMIT :limit;

-- name: check_ledger
-- Orgs whose totals are not what their days, and their runs, add up to; what is no run's is idle time.
SELECT org_id,
       CAST(SUM(installs) AS BIGINT) AS installs, CAST(SUM(stock) AS BIGINT) AS installs_stock,
       CAST(SUM(sessions) AS BIGINT) AS sessions, CAST(SUM(install_us) AS BIGINT) AS install_us,
       CAST(SUM(test_us) AS BIGINT) AS test_us, CAST(SUM(idle_us) AS BIGINT) AS idle_us,
       CAST(SUM(in_groups) AS BIGINT) AS installs_group, kept
FROM (
    SELECT org_id, 'by day' AS kept, installs, installs_stock AS stock, sessions, install_us, test_us, idle_us,
           0 AS in_groups
    FROM totals
    UNION ALL
    SELECT org_id, 'by run', installs, installs_stock, sessions, install_us, test_us, 0, 0 FROM totals
    UNION ALL
    SELECT org_id, 'by day', -installs, -installs_stock, -sessions, -done_us - failed_us, -test_us, -idle_us, 0
    FROM ledger_days
    UNION ALL
    SELECT org_id, 'by run', -installs, -installs_stock, -sessions, -done_us - failed_us, -test_us, 0, -installs_group
    FROM ledger_runs
    UNION ALL
    SELECT org_id, 'by run', 0, 0, 0, 0, 0, 0, installs_group FROM ledger_days
) AS compared
GROUP BY org_id, kept
HAVING SUM(installs) <> 0 OR SUM(stock) <> 0 OR SUM(sessions) <> 0 OR SUM(install_us) <> 0 OR SUM(test_us) <> 0
    OR SUM(idle_us) <> 0 OR SUM(in_groups) <> 0
ORDER BY org_id, kept
LIMIT :limit;

-- name: check_ledger_runs
-- Runs for which more was done by leases that know whom they are charged to than their ledger says.
SELECT run_id,
       CAST(SUM(installs) AS BIGINT) AS installs, CAST(SUM(true_installs) AS BIGINT) AS true_installs,
       CAST(SUM(install_us) AS BIGINT) AS install_us, CAST(SUM(true_install_us) AS BIGINT) AS true_install_us,
       CAST(SUM(stock) AS BIGINT) AS installs_stock, CAST(SUM(true_stock) AS BIGINT) AS true_installs_stock,
       CAST(SUM(sessions) AS BIGINT) AS sessions, CAST(SUM(true_sessions) AS BIGINT) AS true_sessions
FROM (
    SELECT run_id, installs, 0 AS true_installs, done_us + failed_us AS install_us, 0 AS true_install_us,
           installs_stock AS stock, 0 AS true_stock, sessions, 0 AS true_sessions
    FROM ledger_runs
    UNION ALL
    SELECT leases.charged_run, 0, installs.done, 0, installs.took_us, 0, 0, 0, 0
    FROM installs JOIN leases ON leases.token = installs.lease
    JOIN runs ON runs.run_id = leases.charged_run
    UNION ALL
    SELECT runs.run_id, 0, 0, 0, 0, 0, 1, 0, 0
    FROM cases
    JOIN attempts ON attempts.job_id = cases.job_id AND attempts.number = cases.attempt
    JOIN leases ON leases.token = attempts.lease AND leases.charged_run IS NOT NULL
    JOIN jobs ON jobs.job_id = cases.job_id
    JOIN runs ON runs.number = jobs.run_number
    WHERE cases.session = 1
    UNION ALL
    SELECT runs.run_id, 0, 0, 0, 0, 0, 0, 0, attempts.sessions
    FROM attempts
    JOIN leases ON leases.token = attempts.lease AND leases.charged_run IS NOT NULL
    JOIN jobs ON jobs.job_id = attempts.job_id
    JOIN runs ON runs.number = jobs.run_number
) AS compared
GROUP BY run_id
HAVING SUM(installs) < SUM(true_installs) OR SUM(install_us) < SUM(true_install_us)
    OR SUM(stock) < SUM(true_stock) OR SUM(sessions) < SUM(true_sessions)
ORDER BY run_id
LIMIT :limit;

-- name: check_test_sums
-- Suites whose sums are not what the estimates of their tests add up to, and those that have none.
SELECT org_id, target, suite, platform, CAST(SUM(tests) AS BIGINT) AS tests, CAST(SUM(took_us) AS BIGINT) AS took_us
FROM (
    SELECT org_id, target, suite, platform, tests, took_us FROM test_sums
    UNION ALL
    SELECT org_id, target, suite, platform, -1, -took_us FROM test_estimates
    UNION ALL
    SELECT org_id, target, CASE WHEN rtrim(suite, ':') <> suite THEN ':' ELSE '' END, platform, -1, -took_us FROM test_estimates
) AS compared
GROUP BY org_id, target, suite, platform
HAVING SUM(tests) <> 0 OR SUM(took_us) <> 0
ORDER BY org_id, target, suite, platform
LIMIT :limit;

-- name: check_ends
-- Final jobs whose end was not told exactly once, and jobs that are not final though their end was told.
SELECT * FROM (
    SELECT jobs.job_id, jobs.status, COALESCE(told.times, 0) AS told
    FROM jobs
    LEFT JOIN (SELECT job_id, COUNT(*) AS times FROM facts WHERE kind = 'job_ended' GROUP BY job_id) AS told
      ON told.job_id = jobs.job_id
) AS ends
WHERE told <> CASE WHEN status IN ('completed', 'failed', 'cancelled') THEN 1 ELSE 0 END
ORDER BY job_id
LIMIT :limit;

-- name: check_references
-- Rows that name another row which is not there.
SELECT * FROM (
    SELECT 'jobs' AS of_table, job_id AS row_id, 'runs' AS to_table FROM jobs
    WHERE NOT EXISTS (SELECT 1 FROM runs WHERE runs.number = jobs.run_number)
    UNION ALL
    SELECT 'jobs', job_id, 'groups' FROM jobs
    WHERE NOT EXISTS (SELECT 1 FROM groups WHERE groups.group_id = jobs.group_id)
    UNION ALL
    SELECT 'groups', group_id, 'requirements' FROM groups
    WHERE NOT EXISTS (SELECT 1 FROM requirements WHERE requirements.needs = groups.needs)
    UNION ALL
    SELECT 'resting', CAST(job_number AS TEXT), 'jobs' FROM resting
    WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.number = resting.job_number)
    UNION ALL
    SELECT 'workers', worker_id, 'agents' FROM workers
    WHERE agent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM agents WHERE agents.agent_id = workers.agent_id)
    UNION ALL
    SELECT 'leases', CAST(token AS TEXT), 'workers' FROM leases
    WHERE NOT EXISTS (SELECT 1 FROM workers WHERE workers.worker_id = leases.worker_id)
    UNION ALL
    SELECT 'leases', CAST(token AS TEXT), 'groups' FROM leases
    WHERE NOT EXISTS (SELECT 1 FROM groups WHERE groups.group_id = leases.group_id)
    UNION ALL
    SELECT 'attempts', job_id, 'jobs' FROM attempts
    WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.job_id = attempts.job_id)
    UNION ALL
    SELECT 'attempts', job_id, 'leases' FROM attempts
    WHERE NOT EXISTS (SELECT 1 FROM leases WHERE leases.token = attempts.lease)
    UNION ALL
    SELECT 'case_results', CAST(number AS TEXT), 'jobs' FROM case_results
    WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.number = case_results.job_number)
    UNION ALL
    SELECT 'org_cases', case_id, 'case_results' FROM org_cases
    WHERE NOT EXISTS (
        SELECT 1 FROM case_results
        WHERE case_results.org_id = org_cases.org_id AND case_results.case_id = org_cases.case_id
    )
    UNION ALL
    SELECT 'case_results', case_id, 'org_cases' FROM case_results
    WHERE NOT EXISTS (
        SELECT 1 FROM org_cases
        WHERE org_cases.org_id = case_results.org_id AND org_cases.case_id = case_results.case_id
    )
    UNION ALL
    SELECT 'cases', job_id, 'attempts' FROM cases
    WHERE NOT EXISTS (
        SELECT 1 FROM attempts WHERE attempts.job_id = cases.job_id AND attempts.number = cases.attempt
    )
    UNION ALL
    SELECT 'evidence', job_id, 'attempts' FROM evidence
    WHERE NOT EXISTS (
        SELECT 1 FROM attempts WHERE attempts.job_id = evidence.job_id AND attempts.number = evidence.attempt
    )
    UNION ALL
    SELECT 'installs', CAST(number AS TEXT), 'leases' FROM installs
    WHERE NOT EXISTS (SELECT 1 FROM leases WHERE leases.token = installs.lease)
) AS dangling
ORDER BY of_table, row_id, to_table
LIMIT :limit;

-- name: final_jobs
-- A page of the jobs that have ended, with the counts of their cases.
SELECT number, job_id, verdict, excused, passed, failed, flaky, skipped, not_run
FROM jobs
WHERE number > :after AND status IN ('completed', 'failed', 'cancelled')
ORDER BY number
LIMIT :limit;

-- name: cases_of_final_jobs
-- The executions that count of the jobs of such a page, each job's oldest first.
SELECT cases.*
FROM jobs JOIN cases ON cases.job_id = jobs.job_id
WHERE jobs.number > :after AND jobs.number <= :upto AND jobs.status IN ('completed', 'failed', 'cancelled')
  AND cases.late = 0
ORDER BY jobs.number, cases.attempt, cases.seq;

-- name: results_of_final_jobs
-- What the history of cases says of the jobs of such a page.
SELECT case_results.*
FROM case_results
WHERE job_number > :after AND job_number <= :upto
ORDER BY job_number, case_id;

-- name: known_cases
-- A page of the cases of all orgs, and how they did.
SELECT org_id, case_id, passed, failed, flaky, skipped, not_run, flips, flaky_ppm, mean_us, trend_ppm
FROM org_cases
WHERE (org_id, case_id) > (:org_id, :case_id)
ORDER BY org_id, case_id
LIMIT :limit;
