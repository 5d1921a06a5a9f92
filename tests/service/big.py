"""Farms of any size, filled by SQL that both databases understand: for exams of what a question costs.

Org `acme` has nearly everything. Of every thousand jobs one is `globex`'s, and one of each org has failed. The oldest
nine tenths have ended, the rest waits; a few are leased. Every run has ten jobs, every group a hundred.
"""

from qgjob.store import Transaction

_COUNT = "WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < {jobs})"
_ORG = "CASE WHEN i % 1000 = 7 THEN 'globex' ELSE 'acme' END"
_STATUS = """CASE WHEN i > {jobs} * 9 / 10 THEN 'pending' WHEN i % 1000 IN (3, 7) AND i % 2000 < 1000 THEN 'failed'
             ELSE 'completed' END"""
_GROUP = f"'group-' || {_ORG} || '-' || CAST(i % {{groups}} AS TEXT)"
_VERSION = "'v' || CAST(i % {groups} AS TEXT)"

STATEMENTS = (
    f"""INSERT INTO runs (number, run_id, org_id, created_at)
        {_COUNT} SELECT i, 'run-' || CAST(i AS TEXT), 'acme', i FROM counted WHERE i % 10 = 0""",
    f"""INSERT INTO groups (group_id, org_id, app_version_id, target, own_project, needs, created_at)
        {_COUNT} SELECT DISTINCT {_GROUP}, {_ORG}, {_VERSION}, 'emulator', 0, 'needs', 1 FROM counted""",
    f"""INSERT INTO jobs (number, job_id, run_number, group_id, org_id, app_version_id, test_path, target, priority,
                          reset, metadata, lane, due_at, estimate_us, status, created_at, updated_at, max_retries)
        {_COUNT} SELECT i, 'job-' || CAST(i AS TEXT), (i + 9) / 10 * 10, {_GROUP}, {_ORG}, {_VERSION}, 'a.spec.js',
                        'emulator', 'normal', 'clear', '{{{{}}}}', 1, i, 5, {_STATUS}, i, i, 2 FROM counted""",
    """UPDATE runs
       SET jobs = (SELECT COUNT(*) FROM jobs WHERE run_number = runs.number),
           waiting = (SELECT COUNT(*) FROM jobs WHERE run_number = runs.number AND status = 'pending'),
           ended = (SELECT COUNT(*) FROM jobs WHERE run_number = runs.number AND status IN ('completed', 'failed')),
           passed = (SELECT COUNT(*) FROM jobs WHERE run_number = runs.number AND status = 'completed')""",
    """INSERT INTO ready (group_id, lane, due_at, run_number, slow_us, job_number, org_id)
       SELECT group_id, lane, due_at, run_number, -estimate_us, number, org_id FROM jobs WHERE status = 'pending'""",
    """INSERT INTO ended (org_id, status, job_number)
       SELECT org_id, status, number FROM jobs WHERE status IN ('completed', 'failed')""",
    """INSERT INTO job_counts (org_id, status, jobs)
       SELECT org_id, status, COUNT(*) FROM jobs GROUP BY org_id, status""",
    """INSERT INTO totals (org_id, groups) SELECT org_id, COUNT(*) FROM groups GROUP BY org_id""",
    f"""INSERT INTO ledger_runs (run_id, org_id, app_version_id, worker_class, sessions)
        {_COUNT} SELECT 'run-' || CAST(i AS TEXT), 'acme', 'v1', 'emulator/android/', 10
        FROM counted WHERE i % 10 = 0""",
    f"""INSERT INTO test_estimates (org_id, test_path, target, platform, suite, took_us, samples)
        {_COUNT} SELECT 'acme', 'tests/' || CAST(i AS TEXT) || '.spec.js', 'emulator', 'android', 'tests/', 5, 1
        FROM counted""",
    """INSERT INTO agents (agent_id, name, version, protocol, registered_at, seen_at)
       VALUES ('agent-1', 'host', '1', 2, 1, 1)""",
    f"""INSERT INTO workers (worker_id, name, agent_id, targets, model, os_version, serial, tags, metadata, has_project,
                             registered_at, seen_at)
        {_COUNT} SELECT 'worker-' || CAST(i AS TEXT), 'w', 'agent-1', '["emulator"]', '', '', '', '[]', '{{{{}}}}', 0,
                        1, 1 FROM counted WHERE i <= 20""",
    f"""INSERT INTO leases (token, worker_id, agent_id, group_id, org_id, app_version_id, reset, reason, granted_at,
                            deadline_at, busy_until_at, proof, ended_at)
        {_COUNT} SELECT i, 'worker-1', 'agent-1', {_GROUP}, {_ORG}, {_VERSION}, 'clear', 'why', 1, 1, 1, 'none',
                        CASE WHEN i <= {{jobs}} * 9 / 10 - 5 THEN 1 END
        FROM counted WHERE i <= {{jobs}} * 9 / 10""",
    """INSERT INTO attempts (job_id, number, lease, place, worker_id, ended_at)
       SELECT jobs.job_id, 1, leases.token, 0, 'worker-1', leases.ended_at
       FROM leases JOIN jobs ON jobs.number = leases.token""",
    f"""INSERT INTO facts (at, kind, org_id, run_id, job_id, data)
        {_COUNT} SELECT i, 'job_ended', {_ORG}, 'run-' || CAST((i + 9) / 10 * 10 AS TEXT), 'job-' || CAST(i AS TEXT),
                        '{{{{}}}}' FROM counted""",
)


def fill(tx: Transaction, *, jobs: int) -> None:
    """Fill an empty farm."""
    for statement in STATEMENTS:
        tx.wrote = True
        tx._connection.execute(statement.format(jobs=jobs, groups=jobs // 100).replace("{{}}", "{}"), {})
