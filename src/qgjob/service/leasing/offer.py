"""Find work for one free worker: draw the picture, ask the rule, and lease what the group has for it."""

from datetime import timedelta

from qgjob.core import policy
from qgjob.core.lease import HeldLease
from qgjob.core.packing import MOST_JOBS, WaitingJob, pack
from qgjob.core.timing import SILENT_AFTER
from qgjob.core.words import GroupId, ResetMode
from qgjob.core.worker import Worker
from qgjob.service import find
from qgjob.service.leasing.grant import grant
from qgjob.service.leasing.picture import picture_of
from qgjob.store import Row, Transaction
from qgjob.store.clock import to_micros
from qgjob.store.nouns import length_of, worker_of

MOST_LOOKED_AT = 4 * MOST_JOBS
"""Waiting jobs of a group that one claim looks at to fill a lease."""


def offer(tx: Transaction, worker: Worker, *, lasts: timedelta, most_jobs: int = MOST_JOBS) -> HeldLease | None:
    """Lease work to a worker that is free; None when nothing fits it now."""
    passed_over: set[GroupId] = set()
    while True:
        picture = picture_of(tx, worker, passed_over=passed_over)
        choice = policy.choose(own=picture.own, unserved=picture.unserved, served=picture.served)
        if choice is None:
            return None
        jobs = _jobs_for(tx, worker, choice.group_id)[:most_jobs]
        if jobs:
            return grant(tx, worker, choice, jobs, lasts=lasts)
        passed_over.add(choice.group_id)


def _jobs_for(tx: Transaction, worker: Worker, group_id: GroupId) -> list[Row]:
    """Pack a lease from a group's best jobs, without those that are kept for another worker that is free."""
    rows = tx.rows("ready_jobs", group_id=group_id, limit=MOST_LOOKED_AT)
    kept = {row["job_id"] for row in rows if _is_kept_from(worker, row, to_micros(tx.now))}
    if kept and _another_is_free(tx, worker, group_id):
        rows = [row for row in rows if row["job_id"] not in kept]
    by_id = {row["job_id"]: row for row in rows}
    return [by_id[job.job_id] for job in pack(_waiting_job(row) for row in rows)]


def _is_kept_from(worker: Worker, row: Row, now_micros: int) -> bool:
    return bool(row["avoid_worker"] == worker.worker_id and row["avoid_until_at"] > now_micros)


def _another_is_free(tx: Transaction, worker: Worker, group_id: GroupId) -> bool:
    """Whether some other worker could take the group's jobs right now."""
    needs = find.group(tx, group_id)["needs"]
    free = tx.rows("free_workers", seen_since_at=tx.now - SILENT_AFTER)
    others = (worker_of(row, tx.now) for row in free if row["worker_id"] != worker.worker_id)
    return any(needs == requirement.key for other in others for requirement in other.requirements())


def _waiting_job(row: Row) -> WaitingJob:
    return WaitingJob(
        job_id=row["job_id"],
        test_path=row["test_path"],
        bundle=row["bundle"],
        project=row["project"],
        reset=ResetMode(row["reset"]),
        estimate=length_of(-row["slow_us"]),
    )
