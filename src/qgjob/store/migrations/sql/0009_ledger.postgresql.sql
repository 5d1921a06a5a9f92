-- name: leases_worker_class
-- Target, platform and model of its worker, as which it serves; empty: granted before classes were kept.
ALTER TABLE leases ADD COLUMN worker_class TEXT COLLATE "C" NOT NULL DEFAULT '';

-- name: leases_charged_run
-- The run of its first job, which its installations are charged to; NULL: granted before the ledger knew of runs.
ALTER TABLE leases ADD COLUMN charged_run TEXT COLLATE "C";

-- name: class_leases
-- Leases in force at the upgrade still teach.
UPDATE leases
SET worker_class = (
    SELECT groups.target || '/' || COALESCE(workers.platform, groups.platform, 'any') || '/' || workers.model
    FROM groups, workers
    WHERE groups.group_id = leases.group_id AND workers.worker_id = leases.worker_id
)
WHERE ended_at IS NULL;

-- name: groups_period
-- Counts how often the group has become empty: nothing of it waits, rests or is leased.
ALTER TABLE groups ADD COLUMN period BIGINT NOT NULL DEFAULT 1;

-- name: groups_installed_period
-- The last period in which an installation was counted.
ALTER TABLE groups ADD COLUMN installed_period BIGINT NOT NULL DEFAULT 0;

-- name: workers_warm_us
-- How long it has held its app version without a lease, since it was last free or took that version.
ALTER TABLE workers ADD COLUMN warm_us BIGINT NOT NULL DEFAULT 0;

-- name: workers_warm_from_at
-- Up to when that was counted.
ALTER TABLE workers ADD COLUMN warm_from_at BIGINT NOT NULL DEFAULT 0;

-- name: warm_from_now
-- Whatever was before the upgrade is not counted.
UPDATE workers SET warm_from_at = seen_at;

-- name: totals_idle_us
-- How long devices held an app version of the org without a lease.
ALTER TABLE totals ADD COLUMN idle_us BIGINT NOT NULL DEFAULT 0;

-- name: ledger_days
-- What devices did for an org, by day (UTC), app version and worker class. An empty day: before days were kept.
CREATE TABLE ledger_days (
    org_id         TEXT COLLATE "C" NOT NULL,
    day            TEXT COLLATE "C" NOT NULL,
    app_version_id TEXT COLLATE "C" NOT NULL,
    worker_class   TEXT COLLATE "C" NOT NULL,
    installs       BIGINT NOT NULL DEFAULT 0,
    installs_group BIGINT NOT NULL DEFAULT 0,
    installs_stock BIGINT NOT NULL DEFAULT 0,
    sessions       BIGINT NOT NULL DEFAULT 0,
    done_us        BIGINT NOT NULL DEFAULT 0,
    failed_us      BIGINT NOT NULL DEFAULT 0,
    test_us        BIGINT NOT NULL DEFAULT 0,
    idle_us        BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (org_id, day, app_version_id, worker_class)
) WITH (fillfactor = 50);

-- name: ledger_runs
-- The same by run, without idle time, which is no run's. An empty run: those that were let go of, and before runs were kept.
CREATE TABLE ledger_runs (
    run_id         TEXT COLLATE "C" NOT NULL,
    org_id         TEXT COLLATE "C" NOT NULL,
    app_version_id TEXT COLLATE "C" NOT NULL,
    worker_class   TEXT COLLATE "C" NOT NULL,
    installs       BIGINT NOT NULL DEFAULT 0,
    installs_group BIGINT NOT NULL DEFAULT 0,
    installs_stock BIGINT NOT NULL DEFAULT 0,
    sessions       BIGINT NOT NULL DEFAULT 0,
    done_us        BIGINT NOT NULL DEFAULT 0,
    failed_us      BIGINT NOT NULL DEFAULT 0,
    test_us        BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (run_id, org_id, app_version_id, worker_class)
) WITH (fillfactor = 50);

-- name: past_days
-- What was counted before, of which nobody knows the day.
INSERT INTO ledger_days (org_id, day, app_version_id, worker_class, installs, installs_stock, sessions, done_us, test_us)
SELECT org_id, '', '', '', installs, installs_stock, sessions, install_us, test_us FROM totals;

-- name: past_runs
-- What was counted before, of which nobody knows the run.
INSERT INTO ledger_runs (run_id, org_id, app_version_id, worker_class, installs, installs_stock, sessions, done_us, test_us)
SELECT '', org_id, '', '', installs, installs_stock, sessions, install_us, test_us FROM totals;

-- name: runs_of_org
-- Pages through an org's runs by time.
CREATE INDEX runs_of_org ON runs (org_id, created_at, number);
