-- name: find_or_make_group
-- Make a group unless it is there. Answers a row only when it is new.
INSERT INTO groups (
    group_id, org_id, app_version_id, target, platform, own_project, os_version, model, tags, device, requirement,
    needs, created_at
) VALUES (
    :group_id, :org_id, :app_version_id, :target, :platform, :own_project, :os_version, :model, :tags, :device,
    :requirement, :needs, :now
)
ON CONFLICT (group_id) DO NOTHING
RETURNING number;

-- name: known_groups
-- Those of these groups that are there, with what they need.
SELECT group_id, needs FROM groups WHERE group_id IN :group_ids;

-- name: groups_page
-- A page of groups, oldest first.
SELECT * FROM groups WHERE number > :after ORDER BY number LIMIT :limit;

-- name: groups_page_of_org
-- A page of the groups of an org, oldest first.
SELECT * FROM groups WHERE org_id = :org_id AND number > :after ORDER BY number LIMIT :limit;

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

-- name: own_groups
-- The groups of a worker's installed version in which something waits, best rank first.
SELECT * FROM groups
WHERE org_id = :org_id AND app_version_id = :app_version_id AND needs IN :needs AND waiting > 0
ORDER BY rank_lane, rank_due_at, rank_run;

-- name: unserved_groups
-- The best-ranked groups of a requirement that wait and have no worker.
SELECT * FROM groups
WHERE needs = :needs AND waiting > 0 AND servers = 0
ORDER BY rank_lane, rank_due_at, rank_run
LIMIT :limit;

-- name: served_groups
-- The best-ranked groups of a requirement that wait and have workers, in lanes up to one.
SELECT * FROM groups
WHERE needs = :needs AND waiting > 0 AND servers > 0 AND rank_lane <= :lane
ORDER BY rank_lane, rank_due_at, rank_run
LIMIT :limit;

-- name: last_groups
-- The groups of a requirement that wait and have workers, those first that would be done last.
SELECT * FROM groups
WHERE needs = :needs AND waiting > 0 AND servers > 0
ORDER BY done_ms DESC
LIMIT :limit;

-- name: add_to_group
-- Keep the sums of a group, each parameter a difference, and its rank: that of its best waiting job, or nothing.
-- A group that is left empty begins another period.
UPDATE groups
SET jobs = jobs + :jobs, waiting = waiting + :waiting, resting = resting + :resting, work_us = work_us + :work_us,
    servers = servers + :servers, ends_ms = ends_ms + :ends_ms, urgent = urgent + :urgent,
    urgent_us = urgent_us + :urgent_us,
    done_ms = CASE
        WHEN servers + :servers > 0
        THEN (ends_ms + :ends_ms + (work_us + :work_us) / 1000) / (servers + :servers)
        ELSE 0
    END,
    period = period + CASE
        WHEN waiting + :waiting = 0 AND resting + :resting = 0 AND servers + :servers = 0 THEN 1 ELSE 0
    END,
    (rank_lane, rank_due_at, rank_run) = (
        SELECT lane, due_at, run_number FROM ready
        WHERE ready.group_id = groups.group_id
        ORDER BY lane, due_at, run_number
        LIMIT 1
    )
WHERE group_id = :group_id;

-- name: group_by_id
-- One group.
SELECT * FROM groups WHERE group_id = :group_id;

-- name: group_period
-- How often a group has become empty, and when of that an installation was last counted.
SELECT period, installed_period FROM groups WHERE group_id = :group_id;

-- name: count_group_install
-- An installation of this period of a group is counted.
UPDATE groups SET installed_period = :period WHERE group_id = :group_id;
