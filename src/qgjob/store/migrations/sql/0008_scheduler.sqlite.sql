-- name: groups_urgent
-- Of what waits, the jobs in lane 0.
ALTER TABLE groups ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;

-- name: groups_urgent_us
-- The sum of their estimates.
ALTER TABLE groups ADD COLUMN urgent_us INTEGER NOT NULL DEFAULT 0;

-- name: groups_done_ms
-- When all of the group should be done with the workers that it has, milliseconds since 1970; 0 while it has none.
ALTER TABLE groups ADD COLUMN done_ms INTEGER NOT NULL DEFAULT 0;

-- name: groups_requirement
-- What its jobs ask of a device, as they asked: `needs` may become sharper, this never changes.
ALTER TABLE groups ADD COLUMN requirement TEXT NOT NULL DEFAULT '';

-- name: fill_requirement
-- As the key of a requirement was written before there was a column for it.
UPDATE groups
SET requirement = target || '/' || COALESCE(platform, 'any') || '/'
    || CASE WHEN own_project = 1 THEN 'project' ELSE 'bundle' END;

-- name: fill_urgent
-- What waits in lane 0.
UPDATE groups
SET urgent = (SELECT COUNT(*) FROM ready WHERE ready.group_id = groups.group_id AND ready.lane = 0),
    urgent_us = (
        SELECT CAST(COALESCE(-SUM(slow_us), 0) AS BIGINT) FROM ready
        WHERE ready.group_id = groups.group_id AND ready.lane = 0
    );

-- name: fill_done_ms
-- From the sums that are there.
UPDATE groups SET done_ms = (ends_ms + work_us / 1000) / servers WHERE servers > 0;

-- name: groups_last
-- Finds the groups that wait and would be done last with the workers they have, per requirement.
CREATE INDEX groups_last ON groups (needs, done_ms) WHERE waiting > 0 AND servers > 0;

-- name: backlogs
-- The jobs of an org on a requirement that are not final, by priority, and the sum of their estimates.
CREATE TABLE backlogs (
    org_id      TEXT NOT NULL,
    requirement TEXT NOT NULL,
    priority    TEXT NOT NULL,
    jobs        INTEGER NOT NULL,
    work_us     INTEGER NOT NULL,
    PRIMARY KEY (requirement, org_id, priority)
) STRICT, WITHOUT ROWID;

-- name: fill_backlogs
-- What is not final.
INSERT INTO backlogs (org_id, requirement, priority, jobs, work_us)
SELECT jobs.org_id, groups.requirement, jobs.priority, COUNT(*), CAST(SUM(jobs.estimate_us) AS BIGINT)
FROM jobs JOIN groups ON groups.group_id = jobs.group_id
WHERE jobs.status IN ('pending', 'queued', 'running')
GROUP BY jobs.org_id, groups.requirement, jobs.priority;

-- name: org_weights
-- What share of the farm an org has, against the others that have work; 1 where nothing is said.
CREATE TABLE org_weights (
    org_id TEXT PRIMARY KEY,
    weight REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- name: workers_of_version
-- Finds the workers that hold an app version.
CREATE INDEX workers_of_version ON workers (hold_org_id, hold_app_version_id) WHERE hold_org_id IS NOT NULL;

-- name: leases_choice
-- Why the worker was given this group, as data (JSON); NULL: from before it was kept.
ALTER TABLE leases ADD COLUMN choice TEXT;
