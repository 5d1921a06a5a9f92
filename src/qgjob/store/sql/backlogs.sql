-- name: add_to_backlog
-- Keep what an org has outstanding on the requirement of a group; the numbers are differences.
INSERT INTO backlogs (org_id, requirement, priority, jobs, work_us)
SELECT org_id, requirement, CAST(:priority AS TEXT), CAST(:jobs AS BIGINT), CAST(:work_us AS BIGINT)
FROM groups WHERE group_id = :group_id
ON CONFLICT (requirement, org_id, priority) DO UPDATE
SET jobs = backlogs.jobs + excluded.jobs, work_us = backlogs.work_us + excluded.work_us;

-- name: backlogs_of_requirement
-- What orgs have outstanding on a requirement, and their weights.
SELECT backlogs.org_id, backlogs.priority, backlogs.work_us, COALESCE(org_weights.weight, 1) AS weight
FROM backlogs LEFT JOIN org_weights ON org_weights.org_id = backlogs.org_id
WHERE backlogs.requirement = :requirement AND backlogs.jobs > 0
ORDER BY backlogs.org_id, backlogs.priority;

-- name: weight_of_org
-- What share an org has against others.
SELECT weight FROM org_weights WHERE org_id = :org_id;

-- name: set_org_weight
-- Give an org a share.
INSERT INTO org_weights (org_id, weight) VALUES (:org_id, :weight)
ON CONFLICT (org_id) DO UPDATE SET weight = excluded.weight;

-- name: orgs_page
-- A page of the orgs that have or had groups, or were given a share, and their shares.
SELECT known.org_id, COALESCE(org_weights.weight, 1) AS weight
FROM (
    SELECT org_id FROM totals WHERE org_id > :after
    UNION
    SELECT org_id FROM org_weights WHERE org_id > :after
) AS known LEFT JOIN org_weights ON org_weights.org_id = known.org_id
ORDER BY known.org_id
LIMIT :limit;

-- name: backlogs_of_orgs
-- What some orgs have outstanding, by requirement. There are as many rows as orgs have kinds of jobs.
SELECT org_id, requirement, CAST(SUM(jobs) AS BIGINT) AS jobs, CAST(SUM(work_us) AS BIGINT) AS work_us
FROM backlogs
WHERE org_id IN :org_ids AND jobs > 0
GROUP BY org_id, requirement
ORDER BY org_id, requirement;
