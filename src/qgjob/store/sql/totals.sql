-- name: count_jobs
-- An org has this many more (or fewer) jobs of a status.
INSERT INTO job_counts (org_id, status, jobs) VALUES (:org_id, :status, :jobs)
ON CONFLICT (org_id, status) DO UPDATE SET jobs = job_counts.jobs + excluded.jobs;

-- name: add_to_totals
-- Keep an org's totals; each parameter is a difference.
INSERT INTO totals (org_id, groups, installs, installs_stock, sessions, install_us, test_us, idle_us)
VALUES (:org_id, :groups, :installs, :installs_stock, :sessions, :install_us, :test_us, :idle_us)
ON CONFLICT (org_id) DO UPDATE
SET groups = totals.groups + excluded.groups,
    installs = totals.installs + excluded.installs,
    installs_stock = totals.installs_stock + excluded.installs_stock,
    sessions = totals.sessions + excluded.sessions,
    install_us = totals.install_us + excluded.install_us,
    test_us = totals.test_us + excluded.test_us,
    idle_us = totals.idle_us + excluded.idle_us;

-- name: insert_install
-- Keep what a device installed, or failed to.
INSERT INTO installs (lease, worker_id, org_id, app_version_id, sha256, at, took_us, done)
VALUES (:lease, :worker_id, :org_id, :app_version_id, :sha256, :at, :took_us, :done);

-- name: jobs_by_status
-- How many jobs have each status, over all orgs.
SELECT status, CAST(SUM(jobs) AS BIGINT) AS jobs FROM job_counts GROUP BY status ORDER BY status;

-- name: farm_totals
-- The totals of all orgs.
SELECT CAST(COALESCE(SUM(groups), 0) AS BIGINT) AS groups,
       CAST(COALESCE(SUM(installs), 0) AS BIGINT) AS installs,
       CAST(COALESCE(SUM(installs_stock), 0) AS BIGINT) AS installs_stock,
       CAST(COALESCE(SUM(sessions), 0) AS BIGINT) AS sessions,
       CAST(COALESCE(SUM(install_us), 0) AS BIGINT) AS install_us,
       CAST(COALESCE(SUM(test_us), 0) AS BIGINT) AS test_us,
       CAST(COALESCE(SUM(idle_us), 0) AS BIGINT) AS idle_us
FROM totals;
