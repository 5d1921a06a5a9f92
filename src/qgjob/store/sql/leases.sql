-- name: insert_lease
-- Grant a lease; answers its token, which is larger than all before.
INSERT INTO leases (
    worker_id, agent_id, group_id, org_id, app_version_id, sha256, bundle, project, reset, reason, granted_at,
    deadline_at, busy_until_at, proof
) VALUES (
    :worker_id, :agent_id, :group_id, :org_id, :app_version_id, :sha256, :bundle, :project, :reset, :reason, :now,
    :deadline_at, :busy_until_at, 'none'
)
RETURNING token;

-- name: lease_by_token
-- One lease, in force or over.
SELECT * FROM leases WHERE token = :token;

-- name: lock_lease
-- One lease, in force or over, locked until what is to be done with it is done.
SELECT * FROM leases WHERE token = :token FOR NO KEY UPDATE;

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

-- name: end_lease
-- A lease is over; changes nothing when it was before.
UPDATE leases SET ended_at = :now, ended_because = :because WHERE token = :token AND ended_at IS NULL;

-- name: jobs_to_stop
-- The jobs of some leases that a person wants stopped.
SELECT attempts.lease, jobs.job_id
FROM attempts JOIN jobs ON jobs.job_id = attempts.job_id
WHERE attempts.lease IN :tokens AND attempts.ended_at IS NULL AND jobs.cancel_requested = 1
ORDER BY attempts.lease, attempts.place;

-- name: runs_of_lease
-- The runs whose jobs a lease was given.
SELECT DISTINCT runs.run_id
FROM attempts
JOIN jobs ON jobs.job_id = attempts.job_id
JOIN runs ON runs.number = jobs.run_number
WHERE attempts.lease = :token
ORDER BY runs.run_id;
