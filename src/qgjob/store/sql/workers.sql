-- name: upsert_agent
-- Know an agent, or know it again.
INSERT INTO agents (agent_id, name, version, protocol, registered_at, seen_at)
VALUES (:agent_id, :name, :version, :protocol, :now, :now)
ON CONFLICT (agent_id) DO UPDATE
SET name = excluded.name, version = excluded.version, protocol = excluded.protocol, seen_at = excluded.seen_at;

-- name: agent_by_id
-- One agent.
SELECT agent_id FROM agents WHERE agent_id = :agent_id;

-- name: see_agent
-- A sign of life of an agent.
UPDATE agents SET seen_at = :now WHERE agent_id = :agent_id;

-- name: upsert_worker
-- Know a worker, or know it again; what it holds and its lease stay. It has been idle as with any sign of life.
INSERT INTO workers (
    worker_id, name, agent_id, targets, platform, model, os_version, serial, tags, metadata, has_project,
    registered_at, seen_at, warm_from_at
) VALUES (
    :worker_id, :name, :agent_id, :targets, :platform, :model, :os_version, :serial, :tags, :metadata, :has_project,
    :now, :now, :now
)
ON CONFLICT (worker_id) DO UPDATE
SET name = excluded.name, targets = excluded.targets, platform = excluded.platform, model = excluded.model,
    os_version = excluded.os_version, tags = excluded.tags, metadata = excluded.metadata,
    has_project = excluded.has_project, present = 1, seen_at = excluded.seen_at,
    warm_us = workers.warm_us + CASE
        WHEN workers.lease IS NULL AND workers.hold_org_id IS NOT NULL AND workers.seen_at >= :awake_since_at
         AND workers.warm_from_at <= :now
        THEN :now - workers.warm_from_at ELSE 0
    END,
    warm_from_at = :now;

-- name: see_worker
-- A sign of life of a worker, where it is this agent's. Since the last one it was idle and warm, where it held an app
-- version without a lease; not when that is too long ago: nobody knows how it was meanwhile.
UPDATE workers
SET warm_us = warm_us + CASE
        WHEN lease IS NULL AND hold_org_id IS NOT NULL AND seen_at >= :awake_since_at AND warm_from_at <= :now
        THEN :now - warm_from_at ELSE 0
    END,
    warm_from_at = :now, seen_at = :now
WHERE worker_id = :worker_id AND agent_id = :agent_id;

-- name: see_protocol1_worker
-- A sign of life of a worker that speaks for itself, as of any other.
UPDATE workers
SET warm_us = warm_us + CASE
        WHEN lease IS NULL AND hold_org_id IS NOT NULL AND seen_at >= :awake_since_at AND warm_from_at <= :now
        THEN :now - warm_from_at ELSE 0
    END,
    warm_from_at = :now, seen_at = :now
WHERE worker_id = :worker_id AND agent_id IS NULL;

-- name: worker_by_id
-- One worker.
SELECT * FROM workers WHERE worker_id = :worker_id;

-- name: worker_of_agent
-- One worker, where it is this agent's, and the protocol that they speak.
SELECT workers.*, agents.protocol
FROM workers JOIN agents ON agents.agent_id = workers.agent_id
WHERE workers.worker_id = :worker_id AND workers.agent_id = :agent_id;

-- name: workers_of_agent
-- An agent's workers, oldest first.
SELECT * FROM workers WHERE agent_id = :agent_id ORDER BY number;

-- name: workers_page
-- A page of all workers, oldest first.
SELECT * FROM workers WHERE number > :after ORDER BY number LIMIT :limit;

-- name: count_workers
-- How many workers ever registered, and how many of them hold a lease or gave a sign of life lately.
SELECT COUNT(*) AS workers,
       COUNT(CASE WHEN lease IS NOT NULL THEN 1
                  WHEN present = 1 AND agent_id IS NULL AND seen_at >= :protocol1_since_at THEN 1
                  WHEN present = 1 AND agent_id IS NOT NULL AND seen_at >= :agents_since_at THEN 1
             END) AS active
FROM workers;

-- name: running_jobs
-- Which jobs the leases of a page of workers still have open.
SELECT workers.worker_id, attempts.job_id
FROM workers JOIN attempts ON attempts.lease = workers.lease AND attempts.ended_at IS NULL
WHERE workers.number > :after AND workers.number <= :upto
ORDER BY workers.number, attempts.place;

-- name: worker_is_gone
-- Its agent registered without it.
UPDATE workers SET present = 0 WHERE worker_id = :worker_id;

-- name: occupy_worker
-- Give a free worker a lease; changes nothing when it is not free.
UPDATE workers SET warm_us = :warm_us, warm_from_at = :now, lease = :token
WHERE worker_id = :worker_id AND lease IS NULL;

-- name: free_worker
-- A worker's lease is over; what it was idle before is in the ledger.
UPDATE workers SET lease = NULL, warm_us = 0, warm_from_at = :now WHERE worker_id = :worker_id AND lease = :token;

-- name: set_conduct
-- How a worker has done lately.
UPDATE workers
SET faults_in_a_row = :faults_in_a_row, quarantined_until_at = :quarantined_until_at,
    quarantine_reason = :quarantine_reason
WHERE worker_id = :worker_id;

-- name: set_draining
-- Whether a person wants a worker to get no more work.
UPDATE workers SET draining = :draining WHERE worker_id = :worker_id;

-- name: set_hold
-- What a worker holds from now on; NULL all through: nothing that we know of. What is found where it was is as old.
UPDATE workers
SET hold_org_id = :org_id, hold_app_version_id = :app_version_id, hold_sha256 = :sha256, hold_package = :package,
    hold_proof = :proof,
    hold_at = CASE
        WHEN CAST(:found AS BIGINT) = 1 AND hold_org_id = :org_id AND hold_app_version_id = :app_version_id
         AND hold_sha256 = :sha256
        THEN hold_at
        ELSE :at
    END,
    warm_us = 0, warm_from_at = :now
WHERE worker_id = :worker_id;
