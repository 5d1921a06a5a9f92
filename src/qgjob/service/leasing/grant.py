"""Write a lease: worker, jobs, sums and facts in one transaction."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic_core import to_json

from qgjob.core.app import AppBinary
from qgjob.core.errors import Conflict
from qgjob.core.facts import Fact, FactKind
from qgjob.core.lease import Lease, LeasedJob
from qgjob.core.lifecycle import JobEvent, move
from qgjob.core.policy import Choice
from qgjob.core.reasons import as_data, sentence
from qgjob.core.timing import PROTOCOL1_LEASE, SILENT_AFTER
from qgjob.core.words import JobStatus, LeaseToken, ResetMode
from qgjob.core.worker import Worker
from qgjob.core.worker_class import WorkerClass
from qgjob.service.books import ledger
from qgjob.service.jobs import moves, waiting
from qgjob.service.leasing.again import places_of
from qgjob.store import Row, Transaction
from qgjob.store.nouns import length_of


def grant(
    tx: Transaction,
    worker: Worker,
    *,
    group: Row,
    binary: AppBinary | None,
    worker_class: WorkerClass,
    jobs: Sequence[Row],
    lasts: timedelta,
    choice: Choice,
) -> Lease | None:
    """Lease listed jobs of one group (rows of `ready_jobs`, in the order in which they should run) to a free worker.

    `binary` is what the worker installs, and `worker_class` as which it serves. Jobs that somebody else is moving at
    this moment are left to them; None when that is all of them. Bundle, project and reset mode are those of every job.
    """
    attempts = {
        row["number"]: row["attempt"] + 1
        for row in tx.rows("lock_waiting_jobs", numbers=[job["job_number"] for job in jobs])
    }
    taken = [job for job in jobs if job["job_number"] in attempts]
    if not taken:
        return None
    ends_at = tx.now + choice.install + sum((length_of(-job["slow_us"]) for job in taken), timedelta(0))
    tried = [job["job_id"] for job in taken if attempts[job["job_number"]] > 1]
    bundle, reset = taken[0]["bundle"], ResetMode(taken[0]["reset"])
    places = places_of(tx, tried, bundle=bundle, reset=reset)
    lease = Lease(
        token=_write(
            tx, worker, group, taken[0], binary, worker_class=worker_class, choice=choice, lasts=lasts, ends_at=ends_at
        ),
        worker_id=worker.worker_id,
        deadline_at=tx.now + lasts,
        org_id=group["org_id"],
        app_version_id=group["app_version_id"],
        group_id=group["group_id"],
        app=binary,
        bundle=bundle,
        project=taken[0]["project"],
        reset=reset,
        jobs=tuple(
            LeasedJob(
                job_id=job["job_id"],
                attempt=attempts[job["job_number"]],
                test_path=job["test_path"],
                timeout_s=job["timeout_s"],
                idle_timeout_s=job["idle_timeout_s"],
                places=places.get(job["job_id"], ()),
            )
            for job in taken
        ),
        reason=sentence(choice),
    )
    _move_jobs(tx, lease, taken)
    waiting.wait_in_group(tx, lease.group_id, taken, sign=-1)
    waiting.serve_group(tx, lease.group_id, busy_until_at=ends_at)
    moves.count(tx, lease.org_id, JobStatus.PENDING, -len(taken))
    moves.count(tx, lease.org_id, JobStatus.QUEUED, len(taken))
    for run_id, leased in sorted(Counter(job["run_id"] for job in taken).items()):
        moves.count_in_run(tx, run_id, before=JobStatus.PENDING, after=JobStatus.QUEUED, jobs=leased)
    _tell(tx, lease, taken, choice)
    return lease


def _write(
    tx: Transaction,
    worker: Worker,
    group: Row,
    first: Row,
    binary: AppBinary | None,
    *,
    worker_class: WorkerClass,
    choice: Choice,
    lasts: timedelta,
    ends_at: datetime,
) -> LeaseToken:
    """Write the lease's own row, that its worker has it, and how long that was idle before."""
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
        reason=sentence(choice),
        choice=to_json(as_data(choice)).decode(),
        now=tx.now,
        deadline_at=tx.now + lasts,
        busy_until_at=ends_at,
        suspect=worker.conduct.faults_in_a_row > 0,
        worker_class=worker_class.key,
        charged_run=first["run_id"],
    )
    token = LeaseToken(written["token"])
    silent_after = PROTOCOL1_LEASE if worker.agent_id is None else SILENT_AFTER
    occupied = tx.row(
        "occupy_worker",
        worker_id=worker.worker_id,
        token=token,
        now=tx.now,
        awake_since_at=tx.now - silent_after,
    )
    if occupied is None:
        raise Conflict(f"The worker {worker.worker_id} was given another lease meanwhile.")
    ledger.idled(tx, worker, idle_us=occupied["warm_us"])
    return token


def _move_jobs(tx: Transaction, lease: Lease, taken: list[Row]) -> None:
    """Take the jobs off the list and give them to the lease, each as the attempt that may come of it."""
    numbers = [job["job_number"] for job in taken]
    tx.execute(
        "lease_jobs",
        numbers=numbers,
        status=move(JobStatus.PENDING, JobEvent.LEASE),
        lease=lease.token,
        worker_id=lease.worker_id,
        now=tx.now,
    )
    if waiting.take_first_off(tx, taken) != len(taken):
        raise Conflict("A job that waits and was locked is not on the list.")
    tx.execute("insert_attempts", numbers=numbers)


def _tell(tx: Transaction, lease: Lease, taken: list[Row], choice: Choice) -> None:
    """Tell each run that has jobs in the lease."""
    for run_id in sorted({job["run_id"] for job in taken}):
        fact = Fact(
            kind=FactKind.LEASE_GRANTED,
            org_id=lease.org_id,
            run_id=run_id,
            worker_id=lease.worker_id,
            data={
                "token": lease.token,
                "app_version_id": lease.app_version_id,
                "jobs": [job.job_id for job in lease.jobs],
                "reason": lease.reason,
                "choice": as_data(choice),
            },
        )
        tx.record(fact)
