-- name: jobs_os_version
-- The range of OS versions that a job asked for, as it was written.
ALTER TABLE jobs ADD COLUMN os_version TEXT;

-- name: jobs_model
-- The model of device that it asked for.
ALTER TABLE jobs ADD COLUMN model TEXT;

-- name: jobs_tags
-- The tags that it asked for, as a JSON list; NULL: none.
ALTER TABLE jobs ADD COLUMN tags TEXT;

-- name: jobs_pin
-- The device, or `tag:` and a tag, that it should rather run on.
ALTER TABLE jobs ADD COLUMN pin TEXT;

-- name: jobs_pin_only
-- 1: it runs there or nowhere.
ALTER TABLE jobs ADD COLUMN pin_only INTEGER NOT NULL DEFAULT 0;

-- name: groups_os_version
-- The rest of what a group asks of a device.
ALTER TABLE groups ADD COLUMN os_version TEXT;

-- name: groups_model
-- Folded: see `core.requirement`.
ALTER TABLE groups ADD COLUMN model TEXT;

-- name: groups_tags
-- A JSON list, sorted; NULL: none.
ALTER TABLE groups ADD COLUMN tags TEXT;

-- name: groups_device
-- What the one worker that may serve it is called.
ALTER TABLE groups ADD COLUMN device TEXT;

-- name: requirements
-- Every requirement that a group ever asked for or needed, by its key, taken apart.
CREATE TABLE requirements (
    needs       TEXT PRIMARY KEY,
    target      TEXT NOT NULL,
    platform    TEXT,
    own_project INTEGER NOT NULL,
    os_version  TEXT,
    model       TEXT,
    tags        TEXT,
    device      TEXT
) STRICT, WITHOUT ROWID;

-- name: worker_needs
-- Which worker meets which of them.
CREATE TABLE worker_needs (
    needs         TEXT NOT NULL REFERENCES requirements (needs),
    worker_number INTEGER NOT NULL REFERENCES workers (number),
    PRIMARY KEY (needs, worker_number)
) STRICT, WITHOUT ROWID;

-- name: needs_of_worker
-- What a worker meets.
CREATE INDEX needs_of_worker ON worker_needs (worker_number, needs);

-- name: matching
-- One row, for who finds out who meets what to lock: a requirement and a worker that come at once must not miss each other.
CREATE TABLE matching (
    number INTEGER PRIMARY KEY
) STRICT;

-- name: take_apart_needs
-- The requirements of the groups that are there: what they asked for, and what they need.
INSERT INTO requirements (needs, target, platform, own_project)
SELECT needs, target,
       CASE WHEN REPLACE(needs, '/android/', '') <> needs THEN 'android'
            WHEN REPLACE(needs, '/ios/', '') <> needs THEN 'ios' END,
       CASE WHEN REPLACE(needs, '/project', '') <> needs THEN 1 ELSE 0 END
FROM (SELECT needs, target FROM groups UNION SELECT requirement, target FROM groups) AS keys;

-- name: match_workers
-- Which workers meet them.
INSERT INTO worker_needs (needs, worker_number)
SELECT requirements.needs, workers.number
FROM requirements JOIN workers ON REPLACE(workers.targets, '"' || requirements.target || '"', '') <> workers.targets
WHERE (requirements.platform IS NULL OR workers.platform IS NULL OR requirements.platform = workers.platform)
  AND (requirements.own_project = 0 OR workers.has_project = 1 OR workers.agent_id IS NULL);
