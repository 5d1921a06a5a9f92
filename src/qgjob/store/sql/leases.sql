-- name: insert_lease
-- Grant a lease; answers its token, which is larger than all before, and how long its worker, which is free, was idle
-- and warm until now.
INSERT INTO leases (
    worker_id, agent_id, group_id, org_id, app_version_id, sha256, bundle, project, reset, reason, granted_at,
    deadline_at, busy_until_at, proof, suspect, choice, worker_class, charged_run
) VALUES (
    :worker_id, :agent_id, :group_id, :org_id, :app_version_id, :sha256, :bundle, :project, :reset, :reason, :now,
    :deadline_at, :busy_until_at, 'none', :suspect, :choice, :worker_class, :charged_run
)
RETURNING token, (
    SELECT warm_us + CASE
        WHEN hold_org_id IS NOT NULL AND seen_at >= :awake_since_at AND warm_from_at <= :now
        THEN :now - warm_from_at ELSE 0
    END
    FROM workers WHERE workers.worker_id = leases.worker_id
) AS warm_us;

-- name: lease_by_token
-- One lease, in force or over.
SELECT * FROM leases WHERE token = :token;

-- name: lock_lease
-- One lease, in force or over, locked until what is to be done with it is done.
SELECT * FROM leases WHERE token = :token FOR NO KEY UPDATE;

-- name: lock_leases
-- Some leases, locked in the order in which everybody locks them.
SELECT * FROM leases WHERE token IN :tokens ORDER BY token FOR NO KEY UPDATE;

-- name: leases_of_agent
-- The leases in force of an agent's workers, oldest first.
SELECT leases.*
FROM workers JOIN leases ON leases.token = workers.lease
WHERE workers.agent_id = :agent_id AND leases.ended_at IS NULL
ORDER BY leases.token
FOR NO KEY UPDATE OF leases;

-- name: expired_leases
-- Leases in force that are past their deadline, the longest first; what another replica is at is left to it.
SELECT * FROM leases
WHERE ended_at IS NULL AND deadline_at < :now
ORDER BY deadline_at, token
LIMIT :limit
FOR NO KEY UPDATE SKIP LOCKED;

-- name: late_leases
-- Leases in force that should have been done by now, the longest first; what another is at is left to it.
SELECT * FROM leases
WHERE ended_at IS NULL AND busy_until_at < :now
ORDER BY busy_until_at, token
LIMIT :limit
FOR NO KEY UPDATE SKIP LOCKED;

-- name: expect_end
-- When a lease should be done, as it looks by now.
UPDATE leases SET busy_until_at = :busy_until_at WHERE token = :token;

-- name: overdue_attempts
-- Attempts that should have been ended by their workers: they run longer than their job may, or a
-- person wanted them stopped. Whoever minds that itself gets some time for it, which one of protocol 1 does not.
SELECT leases.token AS lease, attempts.job_id
FROM leases
JOIN attempts ON attempts.lease = leases.token AND attempts.ended_at IS NULL AND attempts.started_at IS NOT NULL
JOIN jobs ON jobs.job_id = attempts.job_id
WHERE leases.ended_at IS NULL AND (
    attempts.started_at + CAST(jobs.timeout_s * 1000000 AS BIGINT)
    + CASE WHEN leases.agent_id IS NULL THEN 0 ELSE :obedience_us END <= :now
    OR (jobs.cancel_requested = 1 AND leases.agent_id IS NOT NULL AND jobs.updated_at + :obedience_us <= :now)
)
ORDER BY leases.token
LIMIT :limit;

-- name: renew_lease
-- Move a deadline, while the lease is in force and its agent's. Never moves it back.
UPDATE leases
SET deadline_at = CASE WHEN deadline_at < :deadline_at THEN :deadline_at ELSE deadline_at END
WHERE token = :token AND ended_at IS NULL AND agent_id = :agent_id
RETURNING token, deadline_at;

-- name: prolong_lease
-- Move the deadline of a lease in force, whoever has it. Never moves it back.
UPDATE leases
SET deadline_at = CASE WHEN deadline_at < :deadline_at THEN :deadline_at ELSE deadline_at END
WHERE token = :token AND ended_at IS NULL;

-- name: shift_leases
-- Move the deadlines of the leases in force by a time, to no later than one: those of agents, or of protocol-1 workers.
UPDATE leases
SET deadline_at = CASE WHEN deadline_at + :by_us < :latest_at THEN deadline_at + :by_us ELSE :latest_at END
WHERE ended_at IS NULL AND CASE WHEN agent_id IS NULL THEN 1 ELSE 0 END = :protocol1;

-- name: hear_lease
-- The events of a lease are known up to a number.
UPDATE leases SET last_seq = :last_seq WHERE token = :token;

-- name: prove_lease
-- What the device could show of the app that this lease runs on.
UPDATE leases SET proof = :proof WHERE token = :token;

-- name: fail_install
-- The app of this lease could not be installed.
UPDATE leases SET install_fault = :fault, install_message = :message WHERE token = :token;

-- name: suspect_lease
-- What comes of a lease says something of its worker.
UPDATE leases SET suspect = 1 WHERE token = :token;

-- name: end_lease
-- A lease is over; changes nothing when it was before.
UPDATE leases SET ended_at = :now, ended_because = :because WHERE token = :token AND ended_at IS NULL;

-- name: jobs_to_stop
-- The jobs of some leases that a person wants stopped; those that ended so before they began as well: their agent may
-- be beginning them right now.
SELECT attempts.lease, jobs.job_id
FROM attempts JOIN jobs ON jobs.job_id = attempts.job_id
WHERE attempts.lease IN :tokens AND jobs.cancel_requested = 1 AND attempts.verdict IS NULL
ORDER BY attempts.lease, attempts.place;

-- name: runs_of_lease
-- The runs whose jobs a lease was given.
SELECT DISTINCT runs.run_id
FROM attempts
JOIN jobs ON jobs.job_id = attempts.job_id
JOIN runs ON runs.number = jobs.run_number
WHERE attempts.lease = :token
ORDER BY runs.run_id;
