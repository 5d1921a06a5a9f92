"""Who waits: the list that claims take from, the jobs that rest, and the sums of their groups, always together."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from qgjob.core.job import Job
from qgjob.core.words import GroupId, JobId, WorkerId
from qgjob.store import WORK, Transaction
from qgjob.store.clock import from_micros

MOST_WOKEN = 500


@dataclass(frozen=True, kw_only=True)
class Avoid:
    """Keep a job for other workers until a time, where another is free."""

    worker_id: WorkerId
    until_at: datetime


def add_to_group(
    tx: Transaction,
    group_id: GroupId,
    *,
    jobs: int = 0,
    waiting: int = 0,
    resting: int = 0,
    work: timedelta = timedelta(0),
) -> None:
    """Keep a group's sums and its rank; each number is a difference."""
    tx.execute("add_to_group", group_id=group_id, jobs=jobs, waiting=waiting, resting=resting, work_us=work)
    tx.execute("rank_group", group_id=group_id)


def put_on_list(tx: Transaction, *, job_id: JobId, group_id: GroupId, avoid: Avoid | None = None) -> None:
    """Let a pending job be claimed."""
    listed = tx.only(
        "list_job",
        job_id=job_id,
        avoid_worker=None if avoid is None else avoid.worker_id,
        avoid_until_at=None if avoid is None else avoid.until_at,
    )
    add_to_group(tx, group_id, waiting=1, work=timedelta(microseconds=-listed["slow_us"]))
    tx.touch(WORK)


def let_rest(tx: Transaction, job: Job, *, until_at: datetime, avoid: Avoid) -> None:
    """Keep a pending job from being claimed until a time; meanwhile it counts for no sum."""
    tx.execute(
        "rest_job",
        job_id=job.job_id,
        until_at=until_at,
        avoid_worker=avoid.worker_id,
        avoid_until_at=avoid.until_at,
    )
    add_to_group(tx, job.group_id, resting=1)


def wake(tx: Transaction) -> int:
    """Put the jobs that have rested enough on the list, a bounded number of them; how many."""
    rested = tx.rows("rested_jobs", now=tx.now, limit=MOST_WOKEN)
    for row in rested:
        tx.execute("stir_job", job_id=row["job_id"])
        add_to_group(tx, row["group_id"], resting=-1)
        avoid = Avoid(worker_id=row["avoid_worker"], until_at=from_micros(row["avoid_until_at"]))
        put_on_list(tx, job_id=row["job_id"], group_id=row["group_id"], avoid=avoid)
    return len(rested)


def take_off(tx: Transaction, job: Job) -> None:
    """Take a pending job off the list, or out of its rest."""
    row = tx.row("unlist_job", job_id=job.job_id)
    if row is not None:
        add_to_group(tx, job.group_id, waiting=-1, work=timedelta(microseconds=row["slow_us"]))
    else:
        resting = tx.execute("stir_job", job_id=job.job_id)
        add_to_group(tx, job.group_id, resting=-resting)
