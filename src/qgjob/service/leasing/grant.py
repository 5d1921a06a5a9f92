"""Write a lease: worker, jobs, sums and facts in one transaction, each by compare-and-set."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from qgjob.core.errors import Conflict
from qgjob.core.facts import FactKind
from qgjob.core.group import binary_for
from qgjob.core.lease import HeldLease, Lease, LeasedJob
from qgjob.core.lifecycle import JobEvent, move
from qgjob.core.policy import Choice
from qgjob.core.words import JobId, JobStatus, LeaseToken
from qgjob.core.worker import Worker
from qgjob.service import find
from qgjob.service.books import learning, telling
from qgjob.service.jobs import moves, waiting
from qgjob.service.leasing.picture import held_version
from qgjob.store import Row, Transaction
from qgjob.store.nouns import binary_of, length_of, requirement_of


def grant(tx: Transaction, worker: Worker, choice: Choice, jobs: Sequence[Row], *, lasts: timedelta) -> HeldLease:
    """Lease listed jobs of one group (rows of `ready_jobs`, in the order in which they should run) to a free worker.

    Raises Conflict, and the verb is rolled back, when somebody else was faster.
    """
    group = find.group(tx, choice.group_id)
    work = sum((length_of(-job["slow_us"]) for job in jobs), timedelta(0))
    busy_until_at = tx.now + work + _install_time(tx, worker, group)
    token = _write_lease(
        tx,
        worker,
        group,
        first=jobs[0],
        reason=choice.reason,
        deadline_at=tx.now + lasts,
        busy_until_at=busy_until_at,
    )
    if not tx.execute("occupy_worker", worker_id=worker.worker_id, token=token):
        raise Conflict(f"The worker {worker.worker_id} was given another lease meanwhile.")
    job_ids = [_lease_job(tx, token, worker, job, place) for place, job in enumerate(jobs)]
    waiting.add_to_group(tx, choice.group_id, waiting=-len(jobs), work=-work)
    tx.execute("serve_group", group_id=choice.group_id, busy_until_at=busy_until_at)
    moves.count(tx, group["org_id"], JobStatus.PENDING, -len(jobs))
    moves.count(tx, group["org_id"], JobStatus.QUEUED, len(jobs))
    lease = find.lease(tx, token)
    telling.of_lease(tx, lease, FactKind.LEASE_GRANTED, jobs=job_ids, reason=choice.reason)
    return lease


def described(tx: Transaction, lease: HeldLease) -> Lease:
    """Describe a lease as its worker must know it: its binary, and those of its jobs that are not over."""
    binaries = tx.rows("binaries_of_app", org_id=lease.org_id, app_version_id=lease.app_version_id)
    app = next((binary_of(row) for row in binaries if row["sha256"] == lease.sha256), None)
    jobs = tuple(
        LeasedJob(job_id=row["job_id"], attempt=row["number"], test_path=row["test_path"], timeout_s=row["timeout_s"])
        for row in tx.rows("offered_jobs", lease=lease.token)
    )
    return Lease(
        token=lease.token,
        worker_id=lease.worker_id,
        deadline_at=lease.deadline_at,
        org_id=lease.org_id,
        app_version_id=lease.app_version_id,
        group_id=lease.group_id,
        app=app,
        bundle=lease.bundle,
        project=lease.project,
        reset=lease.reset,
        jobs=jobs,
        reason=lease.reason,
    )


def _write_lease(
    tx: Transaction,
    worker: Worker,
    group: Row,
    *,
    first: Row,
    reason: str,
    deadline_at: datetime,
    busy_until_at: datetime,
) -> LeaseToken:
    """Write the lease's own row. Bundle, project and reset mode are those of its `first` job, as of all of them."""
    requirement = requirement_of(group)
    rows = tx.rows("binaries_of_app", org_id=group["org_id"], app_version_id=group["app_version_id"])
    binary = binary_for(
        (binary_of(row) for row in rows),
        platform=worker.platform or requirement.platform,
        target=requirement.target,
    )
    written = tx.only(
        "insert_lease",
        worker_id=worker.worker_id,
        agent_id=worker.agent_id,
        group_id=group["group_id"],
        org_id=group["org_id"],
        app_version_id=group["app_version_id"],
        sha256=None if binary is None else binary.sha256,
        bundle=first["bundle"],
        project=first["project"],
        reset=first["reset"],
        reason=reason,
        now=tx.now,
        deadline_at=deadline_at,
        busy_until_at=busy_until_at,
    )
    return LeaseToken(written["token"])


def _lease_job(tx: Transaction, token: LeaseToken, worker: Worker, listed: Row, place: int) -> JobId:
    """Take one job off the list and give it to the lease, as the attempt that may come of it."""
    key = {column: listed[column] for column in ("group_id", "lane", "due_at", "run_number", "slow_us", "job_number")}
    taken = tx.execute("take_ready", **key)
    job = tx.row(
        "lease_job",
        job_number=listed["job_number"],
        status=move(JobStatus.PENDING, JobEvent.LEASE),
        lease=token,
        worker_id=worker.worker_id,
        now=tx.now,
    )
    if not taken or job is None:
        raise Conflict(f"The job {listed['job_id']} was leased to another worker meanwhile.")
    job_id: JobId = job["job_id"]
    tx.execute(
        "insert_attempt",
        job_id=job_id,
        number=job["attempt"],
        lease=token,
        place=place,
        worker_id=worker.worker_id,
    )
    return job_id


def _install_time(tx: Transaction, worker: Worker, group: Row) -> timedelta:
    version = (group["org_id"], group["app_version_id"])
    if held_version(worker) == version:
        return timedelta(0)
    target = requirement_of(group).target
    return learning.install_time(tx, org_id=version[0], app_version_id=version[1], target=target)
