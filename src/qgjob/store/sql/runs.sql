-- name: open_run
-- The run that jobs of an org, app version and commit join now, if one was opened lately and is still there.
SELECT runs.run_id, runs.number
FROM open_runs JOIN runs ON runs.run_id = open_runs.run_id
WHERE open_runs.org_id = :org_id AND open_runs.app_version_id = :app_version_id
  AND open_runs.commit_id = :commit_id AND open_runs.opened_at > :since AND open_runs.opened_at <= :now;

-- name: open_runs_for
-- From now on such jobs join this run.
INSERT INTO open_runs (org_id, app_version_id, commit_id, run_id, opened_at)
VALUES (:org_id, :app_version_id, :commit_id, :run_id, :now)
ON CONFLICT (org_id, app_version_id, commit_id) DO UPDATE
SET run_id = excluded.run_id, opened_at = excluded.opened_at;

-- name: closed_run
-- A run that nobody joins any more but that is still on the list of open ones. The list is short: it is cleared often.
SELECT run_id FROM open_runs WHERE opened_at <= :until OR opened_at > :now LIMIT 1;

-- name: close_runs
-- Take runs off the list of open ones that nobody joins any more.
DELETE FROM open_runs WHERE opened_at <= :until OR opened_at > :now;

-- name: take_key
-- Take hold of a key that runs supersede by, until this is committed; answers the newest run that has it so far.
INSERT INTO newest_runs (org_id, supersede, run_id) VALUES (:org_id, :supersede, :run_id)
ON CONFLICT (org_id, supersede) DO UPDATE SET run_id = newest_runs.run_id
RETURNING run_id;

-- name: give_key
-- This run is the newest of its key.
UPDATE newest_runs SET run_id = :run_id WHERE org_id = :org_id AND supersede = :supersede;

-- name: drop_keys
-- Forget a key whose newest run is gone, unless another run is just taking it.
DELETE FROM newest_runs WHERE (org_id, supersede) IN (
    SELECT org_id, supersede FROM newest_runs
    WHERE org_id = :org_id AND supersede = :supersede AND run_id = :run_id
    FOR NO KEY UPDATE SKIP LOCKED
);

-- name: mark_superseded
-- Another run took the place of this one.
UPDATE runs SET superseded_by = :superseded_by WHERE run_id = :run_id AND superseded_by IS NULL;

-- name: runs_page
-- A page of all runs, newest first.
SELECT * FROM runs WHERE number < :before ORDER BY number DESC LIMIT :limit;

-- name: runs_page_of_org
-- A page of an org's runs, newest first. Found in the index of orgs alone, and then read.
SELECT runs.*
FROM (
    SELECT number FROM runs WHERE org_id = :org_id AND number < :before ORDER BY number DESC LIMIT :limit
) AS found JOIN runs ON runs.number = found.number
ORDER BY runs.number DESC;
