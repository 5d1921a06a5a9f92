-- Where a page of jobs begins is found by walking one of these, all of which go by an index and by the job's number.

-- name: walk_jobs
-- All jobs.
SELECT number FROM jobs WHERE number > :after ORDER BY number LIMIT :limit;

-- name: walk_org
-- The jobs of an org.
SELECT number FROM jobs WHERE org_id = :org_id AND number > :after ORDER BY number LIMIT :limit;

-- name: walk_group
-- The jobs of a group.
SELECT number FROM jobs WHERE group_id = :group_id AND number > :after ORDER BY number LIMIT :limit;

-- name: walk_waiting
-- The jobs of an org that can be claimed, and those that rest.
SELECT job_number AS number
FROM (
    SELECT job_number FROM (
        SELECT job_number FROM ready WHERE org_id = :org_id AND job_number > :after ORDER BY job_number LIMIT :limit
    ) AS listed
    UNION ALL
    SELECT job_number FROM (
        SELECT job_number FROM resting WHERE org_id = :org_id AND job_number > :after ORDER BY job_number LIMIT :limit
    ) AS rested
) AS waiting
ORDER BY job_number
LIMIT :limit;

-- name: walk_waiting_of_group
-- The jobs of a group that can be claimed, and those that rest: for groups in which little waits.
SELECT job_number AS number
FROM (
    SELECT job_number FROM ready WHERE group_id = :group_id AND job_number > :after
    UNION ALL
    SELECT resting.job_number
    FROM resting JOIN jobs ON jobs.number = resting.job_number
    WHERE resting.org_id = :org_id AND jobs.group_id = :group_id AND resting.job_number > :after
) AS waiting
ORDER BY job_number
LIMIT :limit;

-- name: walk_leased
-- The jobs of the leases in force: a few for each worker.
SELECT jobs.number
FROM leases
JOIN attempts ON attempts.lease = leases.token AND attempts.ended_at IS NULL
JOIN jobs ON jobs.job_id = attempts.job_id
WHERE leases.ended_at IS NULL AND jobs.number > :after
ORDER BY jobs.number
LIMIT :limit;

-- name: walk_ended
-- The jobs of an org that have ended with a status.
SELECT job_number AS number
FROM ended
WHERE org_id = :org_id AND status = :status AND job_number > :after
ORDER BY job_number
LIMIT :limit;

-- name: orgs_with_status
-- The orgs that have jobs of a status, one org or all, and how many.
SELECT org_id, jobs
FROM job_counts
WHERE status = :status AND jobs > 0 AND (CAST(:org_id AS TEXT) IS NULL OR org_id = :org_id)
ORDER BY org_id;

-- name: groups_of_version
-- The groups of an app version, of one org or of all.
SELECT groups.org_id, groups.group_id, groups.jobs, groups.waiting + groups.resting AS waiting
FROM totals JOIN groups ON groups.org_id = totals.org_id
WHERE groups.app_version_id = :app_version_id AND (CAST(:org_id AS TEXT) IS NULL OR totals.org_id = :org_id)
ORDER BY groups.group_id;

-- name: listed_jobs
-- Those of some jobs that are as asked for, oldest first.
SELECT jobs.*, runs.run_id
FROM jobs JOIN runs ON runs.number = jobs.run_number
WHERE jobs.number IN :numbers
  AND (CAST(:org_id AS TEXT) IS NULL OR jobs.org_id = :org_id)
  AND (CAST(:status AS TEXT) IS NULL OR jobs.status = :status)
  AND (CAST(:app_version_id AS TEXT) IS NULL OR jobs.app_version_id = :app_version_id)
ORDER BY jobs.number;
