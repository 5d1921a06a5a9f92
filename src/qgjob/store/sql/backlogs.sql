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
