-- name: find_or_make_group
-- Make a group unless it is there. Answers a row only when it is new.
INSERT INTO groups (group_id, org_id, app_version_id, target, platform, own_project, needs, created_at)
VALUES (:group_id, :org_id, :app_version_id, :target, :platform, :own_project, :needs, :now)
ON CONFLICT (group_id) DO NOTHING
RETURNING number;

-- name: groups_page
-- A page of groups, oldest first, of one org or of all.
SELECT * FROM groups
WHERE number > :after AND (CAST(:org_id AS TEXT) IS NULL OR org_id = :org_id)
ORDER BY number
LIMIT :limit;

-- name: job_ids_of_group
-- The oldest jobs of a group.
SELECT job_id FROM jobs WHERE group_id = :group_id ORDER BY number LIMIT :limit;

-- name: workers_of_group
-- The workers that hold a lease on a group now, the first to come first.
SELECT worker_id FROM leases WHERE group_id = :group_id AND ended_at IS NULL ORDER BY token;

-- name: groups_of_app
-- All groups of an app version.
SELECT * FROM groups WHERE org_id = :org_id AND app_version_id = :app_version_id ORDER BY number;

-- name: set_needs
-- What a device must be to serve a group, now that its binaries are known.
UPDATE groups SET needs = :needs WHERE group_id = :group_id;

-- name: waiting_groups_of_app
-- The groups of an app version in which something waits, best rank first.
SELECT * FROM groups
WHERE org_id = :org_id AND app_version_id = :app_version_id AND waiting > 0
ORDER BY rank_lane, rank_due_at, rank_run;

-- name: unserved_groups
-- The best-ranked groups of a requirement that wait and have no worker.
SELECT * FROM groups
WHERE needs = :needs AND waiting > 0 AND servers = 0
ORDER BY rank_lane, rank_due_at, rank_run
LIMIT :limit;

-- name: served_groups
-- The best-ranked groups of a requirement that wait and have workers.
SELECT * FROM groups
WHERE needs = :needs AND waiting > 0 AND servers > 0
ORDER BY rank_lane, rank_due_at, rank_run
LIMIT :limit;

-- name: add_to_group
-- Keep the sums of a group; each parameter is a difference.
UPDATE groups
SET jobs = jobs + :jobs, waiting = waiting + :waiting, resting = resting + :resting, work_us = work_us + :work_us
WHERE group_id = :group_id;

-- name: rank_group
-- A group's rank is that of its best waiting job, or nothing.
UPDATE groups
SET (rank_lane, rank_due_at, rank_run) = (
    SELECT lane, due_at, run_number FROM ready
    WHERE ready.group_id = groups.group_id
    ORDER BY lane, due_at, run_number
    LIMIT 1
)
WHERE group_id = :group_id;

-- name: serve_group
-- A lease on a group begins.
UPDATE groups SET servers = servers + 1, busy_until_at = busy_until_at + :busy_until_at WHERE group_id = :group_id;

-- name: leave_group
-- A lease on a group ends.
UPDATE groups SET servers = servers - 1, busy_until_at = busy_until_at - :busy_until_at WHERE group_id = :group_id;

-- name: group_by_id
-- One group.
SELECT * FROM groups WHERE group_id = :group_id;
