-- name: add_to_ledger_day
-- Keep what devices did for an org on a day, with one app version on one class of workers; each a difference.
INSERT INTO ledger_days (
    org_id, day, app_version_id, worker_class, installs, installs_group, installs_stock, sessions, done_us,
    failed_us, test_us, idle_us
) VALUES (
    :org_id, :day, :app_version_id, :worker_class, :installs, :installs_group, :installs_stock, :sessions, :done_us,
    :failed_us, :test_us, :idle_us
)
ON CONFLICT (org_id, day, app_version_id, worker_class) DO UPDATE
SET installs = ledger_days.installs + excluded.installs,
    installs_group = ledger_days.installs_group + excluded.installs_group,
    installs_stock = ledger_days.installs_stock + excluded.installs_stock,
    sessions = ledger_days.sessions + excluded.sessions,
    done_us = ledger_days.done_us + excluded.done_us,
    failed_us = ledger_days.failed_us + excluded.failed_us,
    test_us = ledger_days.test_us + excluded.test_us,
    idle_us = ledger_days.idle_us + excluded.idle_us;

-- name: add_to_ledger_run
-- Keep what devices did for a run, with one app version on one class of workers; each a difference.
INSERT INTO ledger_runs (
    run_id, org_id, app_version_id, worker_class, installs, installs_group, installs_stock, sessions, done_us,
    failed_us, test_us
) VALUES (
    :run_id, :org_id, :app_version_id, :worker_class, :installs, :installs_group, :installs_stock, :sessions,
    :done_us, :failed_us, :test_us
)
ON CONFLICT (run_id, org_id, app_version_id, worker_class) DO UPDATE
SET installs = ledger_runs.installs + excluded.installs,
    installs_group = ledger_runs.installs_group + excluded.installs_group,
    installs_stock = ledger_runs.installs_stock + excluded.installs_stock,
    sessions = ledger_runs.sessions + excluded.sessions,
    done_us = ledger_runs.done_us + excluded.done_us,
    failed_us = ledger_runs.failed_us + excluded.failed_us,
    test_us = ledger_runs.test_us + excluded.test_us;

-- name: ledger_by_day
-- What devices did for an org on some days, by day, app version and worker class.
SELECT day, app_version_id, worker_class, installs, installs_group, installs_stock, sessions, done_us, failed_us,
       test_us, idle_us
FROM ledger_days
WHERE org_id = :org_id AND day >= :since AND day <= :until
ORDER BY day, app_version_id, worker_class;

-- name: ledger_of_org
-- What devices did for an org in some days altogether, by app version and worker class.
SELECT app_version_id, worker_class,
       CAST(SUM(installs) AS BIGINT) AS installs,
       CAST(SUM(installs_group) AS BIGINT) AS installs_group,
       CAST(SUM(installs_stock) AS BIGINT) AS installs_stock,
       CAST(SUM(sessions) AS BIGINT) AS sessions,
       CAST(SUM(done_us) AS BIGINT) AS done_us,
       CAST(SUM(failed_us) AS BIGINT) AS failed_us,
       CAST(SUM(test_us) AS BIGINT) AS test_us,
       CAST(SUM(idle_us) AS BIGINT) AS idle_us
FROM ledger_days
WHERE org_id = :org_id AND day >= :since AND day <= :until
GROUP BY app_version_id, worker_class
ORDER BY app_version_id, worker_class;

-- name: orgs_with_ledger
-- A page of the orgs that have totals, by name.
SELECT org_id FROM totals WHERE org_id > :after ORDER BY org_id LIMIT :limit;

-- name: runs_in_time
-- A page of an org's runs that were submitted within a time, oldest first.
SELECT run_id, number, created_at FROM runs
WHERE org_id = :org_id AND (created_at, number) > (:after_at, :after) AND created_at < :before_at
ORDER BY created_at, number
LIMIT :limit;

-- name: ledger_of_runs
-- What devices did for some runs, by app version and worker class.
SELECT run_id, app_version_id, worker_class, installs, installs_group, installs_stock, sessions, done_us, failed_us,
       test_us
FROM ledger_runs
WHERE run_id IN :run_ids
ORDER BY run_id, app_version_id, worker_class;

-- name: fold_ledger_of_runs
-- What was done for some runs that are let go of goes to where no run is named.
INSERT INTO ledger_runs (
    run_id, org_id, app_version_id, worker_class, installs, installs_group, installs_stock, sessions, done_us,
    failed_us, test_us
)
SELECT '', org_id, '', '',
       CAST(SUM(installs) AS BIGINT) AS installs,
       CAST(SUM(installs_group) AS BIGINT) AS installs_group,
       CAST(SUM(installs_stock) AS BIGINT) AS installs_stock,
       CAST(SUM(sessions) AS BIGINT) AS sessions,
       CAST(SUM(done_us) AS BIGINT) AS done_us,
       CAST(SUM(failed_us) AS BIGINT) AS failed_us,
       CAST(SUM(test_us) AS BIGINT) AS test_us
FROM ledger_runs
WHERE run_id IN :run_ids
GROUP BY org_id
ON CONFLICT (run_id, org_id, app_version_id, worker_class) DO UPDATE
SET installs = ledger_runs.installs + excluded.installs,
    installs_group = ledger_runs.installs_group + excluded.installs_group,
    installs_stock = ledger_runs.installs_stock + excluded.installs_stock,
    sessions = ledger_runs.sessions + excluded.sessions,
    done_us = ledger_runs.done_us + excluded.done_us,
    failed_us = ledger_runs.failed_us + excluded.failed_us,
    test_us = ledger_runs.test_us + excluded.test_us;

-- name: remove_ledger_of_runs
-- Forget what was done for some runs.
DELETE FROM ledger_runs WHERE run_id IN :run_ids;
