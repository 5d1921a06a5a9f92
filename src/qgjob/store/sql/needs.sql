-- name: known_requirements
-- Those of these requirements that are known.
SELECT * FROM requirements WHERE needs IN :needs ORDER BY needs;

-- name: all_requirements
-- Every requirement.
SELECT * FROM requirements ORDER BY needs;

-- name: make_matching
-- Make the row to be locked, unless it is there.
INSERT INTO matching (number)
SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM matching)
ON CONFLICT (number) DO NOTHING;

-- name: take_matching
-- Be the only one who finds out who meets what, until the end of the transaction.
SELECT number FROM matching FOR NO KEY UPDATE;

-- name: make_requirement
-- Know a requirement. Answers a row only when it is new.
INSERT INTO requirements (needs, target, platform, own_project, os_version, model, tags, device)
VALUES (:needs, :target, :platform, :own_project, :os_version, :model, :tags, :device)
ON CONFLICT (needs) DO NOTHING
RETURNING needs;

-- name: all_workers
-- Every worker that ever registered.
SELECT * FROM workers ORDER BY number;

-- name: meet_requirement
-- These workers meet a requirement.
INSERT INTO worker_needs (needs, worker_number)
SELECT CAST(:needs AS TEXT), number FROM workers WHERE number IN :worker_numbers;

-- name: meet_requirements
-- A worker meets these requirements.
INSERT INTO worker_needs (needs, worker_number)
SELECT needs, CAST(:worker_number AS BIGINT) FROM requirements WHERE needs IN :needs;

-- name: forget_worker_needs
-- What a worker meets is to be found out anew.
DELETE FROM worker_needs WHERE worker_number = :worker_number;

-- name: all_worker_needs
-- Who meets what.
SELECT worker_number, needs FROM worker_needs ORDER BY worker_number, needs;

-- name: needs_of_workers
-- The requirements that some workers meet, whether anything waits for them or not.
SELECT worker_number, needs FROM worker_needs WHERE worker_number IN :numbers ORDER BY worker_number, needs;

-- name: first_out_of_quarantine
-- When the first of the workers that meet a requirement may be given work again.
SELECT MIN(workers.quarantined_until_at) AS until_at
FROM worker_needs JOIN workers ON workers.number = worker_needs.worker_number
WHERE worker_needs.needs = :needs AND workers.quarantined_until_at > :now;

-- name: needs_met
-- The requirements that a worker meets and for which something waits.
SELECT worker_needs.needs
FROM workers JOIN worker_needs ON worker_needs.worker_number = workers.number
WHERE workers.worker_id = :worker_id AND COALESCE(
    (SELECT 1 FROM groups WHERE groups.needs = worker_needs.needs AND waiting > 0 AND servers = 0 LIMIT 1),
    (SELECT 1 FROM groups WHERE groups.needs = worker_needs.needs AND waiting > 0 AND servers > 0 LIMIT 1)
) = 1
ORDER BY worker_needs.needs;

-- name: workers_up
-- How many of the newest workers that meet a requirement can be counted on.
SELECT COUNT(*) AS workers
FROM (SELECT worker_number FROM worker_needs WHERE needs = :needs ORDER BY worker_number DESC LIMIT :most) AS meeting
JOIN workers ON workers.number = meeting.worker_number
WHERE draining = 0 AND (quarantined_until_at IS NULL OR quarantined_until_at <= :now)
  AND (lease IS NOT NULL OR present = 1 AND seen_at
       >= CASE WHEN agent_id IS NULL THEN CAST(:protocol1_since_at AS BIGINT) ELSE CAST(:agents_since_at AS BIGINT) END);

-- name: workers_alike
-- The newest workers, equal ones together, and whether they can be counted on.
SELECT targets, platform, model, os_version, tags, has_project, availability, COUNT(*) AS workers
FROM (
    SELECT targets, platform, model, os_version, tags, has_project,
           CASE WHEN lease IS NULL AND (present = 0 OR seen_at
                     < CASE WHEN agent_id IS NULL THEN CAST(:protocol1_since_at AS BIGINT)
                            ELSE CAST(:agents_since_at AS BIGINT) END) THEN 'offline'
                WHEN draining = 1 THEN 'draining'
                WHEN quarantined_until_at > :now THEN 'quarantined'
                ELSE 'up' END AS availability
    FROM workers
    ORDER BY number DESC
    LIMIT :most
) AS newest
GROUP BY targets, platform, model, os_version, tags, has_project, availability
ORDER BY workers DESC, targets, platform, model, os_version, tags, has_project, availability
LIMIT :most_kinds;

-- name: workers_called
-- The workers that are called so, the newest first.
SELECT * FROM workers
WHERE worker_id = :name OR name = :name OR serial = :name
ORDER BY number DESC
LIMIT :most;

-- name: free_workers
-- Workers that meet a requirement, have no lease, gave a sign of life lately and may be given work, and are not this one.
SELECT workers.*
FROM worker_needs JOIN workers ON workers.number = worker_needs.worker_number
WHERE worker_needs.needs = :needs AND workers.worker_id <> :but
  AND lease IS NULL AND present = 1 AND seen_at >= :seen_since_at AND draining = 0
  AND (quarantined_until_at IS NULL OR quarantined_until_at <= :now)
ORDER BY worker_needs.worker_number
LIMIT :limit;

-- name: warm_workers
-- Those of them that hold an app version, and ask at once when work comes: workers of protocol 1 ask when they like.
SELECT workers.*
FROM worker_needs JOIN workers ON workers.number = worker_needs.worker_number
WHERE worker_needs.needs = :needs AND workers.worker_id <> :but
  AND workers.agent_id IS NOT NULL AND hold_org_id = :org_id AND hold_app_version_id = :app_version_id
  AND lease IS NULL AND present = 1 AND seen_at >= :seen_since_at AND draining = 0
  AND (quarantined_until_at IS NULL OR quarantined_until_at <= :now)
ORDER BY worker_needs.worker_number;
