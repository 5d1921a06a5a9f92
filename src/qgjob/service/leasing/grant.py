"""Write a lease: worker, jobs, sums and facts in one transaction."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic_core import to_json

from qgjob.core.app import AppBinary
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
) -> Lease:
    """Lease listed jobs of one group (rows of `ready_jobs`, in the order in which they should run) to a free worker.

    `binary` is what the worker installs, `worker_class` as which it serves. Bundle, project and reset mode are those of
    every job.
    """
    ends_at = tx.now + choice.install + sum((length_of(-job["slow_us"]) for job in jobs), timedelta(0))
    tried = {job["job_id"]: job["test_path"] for job in jobs if job["attempt"] > 0}
    bundle, reset = jobs[0]["bundle"], ResetMode(jobs[0]["reset"])
    places = places_of(tx, tried, bundle=bundle, reset=reset)
    lease = Lease(
        token=_write(
            tx, worker, group, jobs[0], binary, worker_class=worker_class, choice=choice, lasts=lasts, ends_at=ends_at
        ),
        worker_id=worker.worker_id,
        deadline_at=tx.now + lasts,
        org_id=group["org_id"],
        app_version_id=group["app_version_id"],
        group_id=group["group_id"],
        app=binary,
        bundle=bundle,
        project=jobs[0]["project"],
        reset=reset,
        jobs=tuple(
            LeasedJob(
                job_id=job["job_id"],
                attempt=job["attempt"] + 1,
                test_path=job["test_path"],
                timeout_s=job["timeout_s"],
                idle_timeout_s=job["idle_timeout_s"],
                grep=job["grep"],
                places=places.get(job["job_id"], ()),
            )
            for job in jobs
        ),
        reason=sentence(choice),
    )
    _move_jobs(tx, lease, jobs)
    waiting.serve_group(tx, lease.group_id, busy_until_at=ends_at)
    _count(tx, lease, jobs)
    _tell(tx, lease, jobs, choice)
    return lease


def _count(tx: Transaction, lease: Lease, jobs: Sequence[Row]) -> None:
    """Count that the jobs no longer wait: in their group, of their org and in their runs."""
    waiting.wait_in_group(tx, lease.group_id, jobs, sign=-1)
    moves.count(tx, lease.org_id, JobStatus.PENDING, -len(jobs))
    moves.count(tx, lease.org_id, JobStatus.QUEUED, len(jobs))
    for run_id, leased in sorted(Counter(job["run_id"] for job in jobs).items()):
        moves.count_in_run(tx, run_id, before=JobStatus.PENDING, after=JobStatus.QUEUED, jobs=leased)


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
        awake_since_at=tx.now - (PROTOCOL1_LEASE if worker.agent_id is None else SILENT_AFTER),
    )
    token = LeaseToken(written["token"])
    tx.expect(
        1,
        "occupy_worker",
        "the worker was given another lease meanwhile",
        worker_id=worker.worker_id,
        token=token,
        warm_us=written["warm_us"],
        now=tx.now,
    )
    ledger.idled(tx, worker, idle_us=written["warm_us"])
    return token


def _move_jobs(tx: Transaction, lease: Lease, jobs: Sequence[Row]) -> None:
    """Take the jobs off the list and give them to the lease, each as the attempt that may come of it."""
    numbers = [job["job_number"] for job in jobs]
    tx.send(
        "lease_jobs",
        numbers=numbers,
        status=move(JobStatus.PENDING, JobEvent.LEASE),
        lease=lease.token,
        worker_id=lease.worker_id,
        now=tx.now,
    )
    waiting.take_first_off(tx, jobs)
    for place, job in enumerate(lease.jobs):
        attempt = {"job_id": job.job_id, "number": job.attempt, "lease": lease.token, "place": place}
        tx.put("insert_attempt", job.job_id, {**attempt, "worker_id": lease.worker_id})


def _tell(tx: Transaction, lease: Lease, jobs: Sequence[Row], choice: Choice) -> None:
    """Tell each run that has jobs in the lease."""
    for run_id in sorted({job["run_id"] for job in jobs}):
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
