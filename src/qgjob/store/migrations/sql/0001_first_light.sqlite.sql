-- Times are whole microseconds since 1970 (*_at), lengths of time whole microseconds (*_us), JSON is text.

-- name: runs
-- The jobs submitted together.
CREATE TABLE runs (
    number     INTEGER PRIMARY KEY,
    run_id     TEXT NOT NULL UNIQUE,
    org_id     TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- name: groups
-- Groups with the sums that a claim decides by, kept exact by the verbs; rank_* is the key of the best waiting job.
CREATE TABLE groups (
    number         INTEGER PRIMARY KEY,
    group_id       TEXT NOT NULL UNIQUE,
    org_id         TEXT NOT NULL,
    app_version_id TEXT NOT NULL,
    target         TEXT NOT NULL,
    platform       TEXT,
    own_project    INTEGER NOT NULL,
    needs          TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    jobs           INTEGER NOT NULL DEFAULT 0,
    waiting        INTEGER NOT NULL DEFAULT 0,
    resting        INTEGER NOT NULL DEFAULT 0,
    work_us        INTEGER NOT NULL DEFAULT 0,
    servers        INTEGER NOT NULL DEFAULT 0,
    busy_until_at  INTEGER NOT NULL DEFAULT 0,
    rank_lane      INTEGER,
    rank_due_at    INTEGER,
    rank_run       INTEGER
) STRICT;

-- name: groups_unserved
-- Finds the best-ranked group that waits and that no worker serves, per requirement.
CREATE INDEX groups_unserved ON groups (needs, rank_lane, rank_due_at, rank_run) WHERE waiting > 0 AND servers = 0;

-- name: groups_served
-- Finds the groups that wait and have workers: never more than there are workers.
CREATE INDEX groups_served ON groups (needs, rank_lane, rank_due_at, rank_run) WHERE waiting > 0 AND servers > 0;

-- name: groups_of_version
-- Finds the groups that can use an installed app version.
CREATE INDEX groups_of_version ON groups (org_id, app_version_id);

-- name: jobs
-- A job as it was asked for and as it stands.
CREATE TABLE jobs (
    number           INTEGER PRIMARY KEY,
    job_id           TEXT NOT NULL UNIQUE,
    run_number       INTEGER NOT NULL REFERENCES runs (number),
    group_id         TEXT NOT NULL REFERENCES groups (group_id),
    org_id           TEXT NOT NULL,
    app_version_id   TEXT NOT NULL,
    test_path        TEXT NOT NULL,
    target           TEXT NOT NULL,
    priority         TEXT NOT NULL,
    platform         TEXT,
    bundle           TEXT,
    project          TEXT,
    reset            TEXT NOT NULL,
    asked_retries    INTEGER,
    timeout_s        REAL,
    metadata         TEXT NOT NULL,
    retry_of         TEXT,
    lane             INTEGER NOT NULL,
    due_at           INTEGER NOT NULL,
    estimate_us      INTEGER NOT NULL,
    status           TEXT NOT NULL,
    verdict          TEXT,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    started_at       INTEGER,
    completed_at     INTEGER,
    worker_id        TEXT,
    lease            INTEGER,
    attempt          INTEGER NOT NULL DEFAULT 0,
    retry_count      INTEGER NOT NULL DEFAULT 0,
    infra_count      INTEGER NOT NULL DEFAULT 0,
    max_retries      INTEGER NOT NULL,
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    result           TEXT,
    error_message    TEXT,
    passed           INTEGER NOT NULL DEFAULT 0,
    failed           INTEGER NOT NULL DEFAULT 0,
    flaky            INTEGER NOT NULL DEFAULT 0,
    skipped          INTEGER NOT NULL DEFAULT 0,
    not_run          INTEGER NOT NULL DEFAULT 0
) STRICT;

-- name: jobs_of_run
-- Sums a run.
CREATE INDEX jobs_of_run ON jobs (run_number);

-- name: jobs_of_group
-- Lists the jobs of a group, oldest first.
CREATE INDEX jobs_of_group ON jobs (group_id);

-- name: jobs_of_org
-- Pages through an org's jobs.
CREATE INDEX jobs_of_org ON jobs (org_id);

-- name: jobs_of_status
-- Pages through the jobs of a status.
CREATE INDEX jobs_of_status ON jobs (status);

-- name: ready
-- The jobs that can be claimed, in the order in which they should be: a claim deletes from here. slow_us = -estimate.
CREATE TABLE ready (
    group_id     TEXT NOT NULL,
    lane         INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    run_number   INTEGER NOT NULL,
    slow_us      INTEGER NOT NULL,
    job_number   INTEGER NOT NULL REFERENCES jobs (number),
    avoid_worker TEXT,
    avoid_until_at INTEGER,
    PRIMARY KEY (group_id, lane, due_at, run_number, slow_us, job_number)
) STRICT, WITHOUT ROWID;

-- name: resting
-- The jobs that wait out a backoff before they can be claimed again.
CREATE TABLE resting (
    job_number     INTEGER PRIMARY KEY REFERENCES jobs (number),
    until_at       INTEGER NOT NULL,
    avoid_worker   TEXT,
    avoid_until_at INTEGER
) STRICT;

-- name: resting_until
-- Finds the jobs that have rested enough.
CREATE INDEX resting_until ON resting (until_at);

-- name: agents
-- The processes on hosts that own workers.
CREATE TABLE agents (
    agent_id      TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    version       TEXT NOT NULL,
    protocol      INTEGER NOT NULL,
    registered_at INTEGER NOT NULL,
    seen_at       INTEGER NOT NULL
) STRICT;

-- name: workers
-- Device slots; agent_id NULL is a protocol-1 worker; lease is the one in force; hold_* is the app that it holds.
CREATE TABLE workers (
    number              INTEGER PRIMARY KEY,
    worker_id           TEXT NOT NULL UNIQUE,
    name                TEXT NOT NULL,
    agent_id            TEXT REFERENCES agents (agent_id),
    targets             TEXT NOT NULL,
    platform            TEXT,
    model               TEXT NOT NULL,
    os_version          TEXT NOT NULL,
    serial              TEXT NOT NULL,
    tags                TEXT NOT NULL,
    metadata            TEXT NOT NULL,
    has_project         INTEGER NOT NULL,
    present             INTEGER NOT NULL DEFAULT 1,
    registered_at       INTEGER NOT NULL,
    seen_at             INTEGER NOT NULL,
    lease               INTEGER,
    hold_org_id         TEXT,
    hold_app_version_id TEXT,
    hold_sha256         TEXT,
    hold_package        TEXT,
    hold_proof          TEXT,
    hold_at             INTEGER
) STRICT;

-- name: workers_of_agent
-- Finds an agent's workers.
CREATE INDEX workers_of_agent ON workers (agent_id);

-- name: leases
-- One row per lease, kept; in force while ended_at is NULL. The token is never given twice.
CREATE TABLE leases (
    token           INTEGER PRIMARY KEY AUTOINCREMENT,
    worker_id       TEXT NOT NULL REFERENCES workers (worker_id),
    agent_id        TEXT,
    group_id        TEXT NOT NULL REFERENCES groups (group_id),
    org_id          TEXT NOT NULL,
    app_version_id  TEXT NOT NULL,
    sha256          TEXT,
    bundle          TEXT,
    project         TEXT,
    reset           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    granted_at      INTEGER NOT NULL,
    deadline_at     INTEGER NOT NULL,
    busy_until_at   INTEGER NOT NULL,
    last_seq        INTEGER NOT NULL DEFAULT 0,
    proof           TEXT NOT NULL,
    install_fault   TEXT,
    install_message TEXT,
    ended_at        INTEGER,
    ended_because   TEXT
) STRICT;

-- name: leases_in_force
-- Finds the leases that are past their deadline.
CREATE INDEX leases_in_force ON leases (deadline_at) WHERE ended_at IS NULL;

-- name: leases_of_group
-- Finds the workers that serve a group.
CREATE INDEX leases_of_group ON leases (group_id) WHERE ended_at IS NULL;

-- name: attempts
-- One row per job of a lease; it has begun when started_at is set, and is over when ended_at is.
CREATE TABLE attempts (
    job_id     TEXT NOT NULL REFERENCES jobs (job_id),
    number     INTEGER NOT NULL,
    lease      INTEGER NOT NULL REFERENCES leases (token),
    place      INTEGER NOT NULL,
    worker_id  TEXT NOT NULL,
    started_at INTEGER,
    ended_at   INTEGER,
    verdict    TEXT,
    fault      TEXT,
    message    TEXT,
    seconds    REAL NOT NULL DEFAULT 0,
    sessions   INTEGER NOT NULL DEFAULT 0,
    late       INTEGER NOT NULL DEFAULT 0,
    passed     INTEGER NOT NULL DEFAULT 0,
    failed     INTEGER NOT NULL DEFAULT 0,
    flaky      INTEGER NOT NULL DEFAULT 0,
    skipped    INTEGER NOT NULL DEFAULT 0,
    not_run    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (job_id, number)
) STRICT, WITHOUT ROWID;

-- name: attempts_of_lease
-- Finds the jobs of a lease.
CREATE INDEX attempts_of_lease ON attempts (lease, place);

-- name: cases
-- Executions of cases, by the sequence number of the event that reported them.
CREATE TABLE cases (
    job_id   TEXT NOT NULL,
    attempt  INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    case_id  TEXT NOT NULL,
    title    TEXT NOT NULL,
    file     TEXT NOT NULL,
    line     INTEGER NOT NULL,
    status   TEXT NOT NULL,
    expected TEXT NOT NULL,
    seconds  REAL NOT NULL,
    errors   TEXT NOT NULL,
    session  INTEGER NOT NULL,
    late     INTEGER NOT NULL,
    PRIMARY KEY (job_id, attempt, seq),
    FOREIGN KEY (job_id, attempt) REFERENCES attempts (job_id, number)
) STRICT, WITHOUT ROWID;

-- name: evidence
-- Files that attempts left behind.
CREATE TABLE evidence (
    job_id     TEXT NOT NULL,
    attempt    INTEGER NOT NULL,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    stored_at  INTEGER NOT NULL,
    PRIMARY KEY (job_id, attempt, name),
    FOREIGN KEY (job_id, attempt) REFERENCES attempts (job_id, number)
) STRICT, WITHOUT ROWID;

-- name: binaries
-- App versions: at most one binary per platform and kind.
CREATE TABLE binaries (
    org_id          TEXT NOT NULL,
    app_version_id  TEXT NOT NULL,
    platform        TEXT NOT NULL,
    kind            TEXT NOT NULL,
    sha256          TEXT NOT NULL,
    size_bytes      INTEGER NOT NULL,
    package         TEXT NOT NULL,
    version_name    TEXT NOT NULL,
    version_code    TEXT NOT NULL,
    launch_activity TEXT,
    uploaded_at     INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_version_id, platform, kind)
) STRICT, WITHOUT ROWID;

-- name: binaries_by_hash
-- Says which app version a device holds, from the bytes that it found.
CREATE INDEX binaries_by_hash ON binaries (sha256);

-- name: bundles
-- Uploaded projects; files is a JSON list of paths.
CREATE TABLE bundles (
    org_id      TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    size_bytes  INTEGER NOT NULL,
    files       TEXT NOT NULL,
    uploaded_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, sha256)
) STRICT, WITHOUT ROWID;

-- name: installs
-- What devices really installed, and what they failed to.
CREATE TABLE installs (
    number         INTEGER PRIMARY KEY,
    lease          INTEGER NOT NULL REFERENCES leases (token),
    worker_id      TEXT NOT NULL,
    org_id         TEXT NOT NULL,
    app_version_id TEXT NOT NULL,
    sha256         TEXT,
    at             INTEGER NOT NULL,
    took_us        INTEGER NOT NULL,
    done           INTEGER NOT NULL
) STRICT;

-- name: test_estimates
-- How long a test takes on a kind of device.
CREATE TABLE test_estimates (
    org_id    TEXT NOT NULL,
    test_path TEXT NOT NULL,
    target    TEXT NOT NULL,
    took_us   INTEGER NOT NULL,
    PRIMARY KEY (org_id, test_path, target)
) STRICT, WITHOUT ROWID;

-- name: install_estimates
-- How long an app takes to install on a kind of device.
CREATE TABLE install_estimates (
    org_id  TEXT NOT NULL,
    package TEXT NOT NULL,
    target  TEXT NOT NULL,
    took_us INTEGER NOT NULL,
    PRIMARY KEY (org_id, package, target)
) STRICT, WITHOUT ROWID;

-- name: job_counts
-- How many jobs of an org have a status, so that totals need no count over jobs.
CREATE TABLE job_counts (
    org_id TEXT NOT NULL,
    status TEXT NOT NULL,
    jobs   INTEGER NOT NULL,
    PRIMARY KEY (org_id, status)
) STRICT, WITHOUT ROWID;

-- name: totals
-- An org's groups, and its ledger: what devices did for it.
CREATE TABLE totals (
    org_id         TEXT PRIMARY KEY,
    groups         INTEGER NOT NULL DEFAULT 0,
    installs       INTEGER NOT NULL DEFAULT 0,
    installs_stock INTEGER NOT NULL DEFAULT 0,
    sessions       INTEGER NOT NULL DEFAULT 0,
    install_us     INTEGER NOT NULL DEFAULT 0,
    test_us        INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- name: facts
-- What happened, in the order of the commits; never rewritten.
CREATE TABLE facts (
    fact_id   INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    org_id    TEXT,
    run_id    TEXT,
    job_id    TEXT,
    worker_id TEXT,
    data      TEXT NOT NULL
) STRICT;

-- name: facts_of_run
-- Follows a run.
CREATE INDEX facts_of_run ON facts (run_id) WHERE run_id IS NOT NULL;

-- name: facts_of_job
-- Follows a job.
CREATE INDEX facts_of_job ON facts (job_id) WHERE job_id IS NOT NULL;
