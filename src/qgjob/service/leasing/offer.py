"""Find work for one free worker: draw the picture, ask the rule, and lease what the group has for it."""

from datetime import timedelta

from qgjob.core.app import AppBinary
from qgjob.core.group import binary_for, needs_now
from qgjob.core.lease import Lease
from qgjob.core.packing import MOST_JOBS, WaitingJob, is_full, pack
from qgjob.core.policy import SHIPPED, Rule
from qgjob.core.timing import SILENT_AFTER
from qgjob.core.words import GroupId, ResetMode
from qgjob.core.worker import Worker
from qgjob.service.leasing import warm
from qgjob.service.leasing.grant import grant
from qgjob.service.leasing.picture import picture_of
from qgjob.store import Row, Transaction
from qgjob.store.clock import to_micros
from qgjob.store.nouns import binary_of, length_of, requirement_of, worker_of

LOOKS = (16, 4 * MOST_JOBS)
"""Waiting jobs of a group that one claim looks at to fill a lease: a few at first, more when those do not fill it."""


def offer(
    tx: Transaction, worker: Worker, *, lasts: timedelta, most_jobs: int = MOST_JOBS, rule: Rule = SHIPPED
) -> Lease | None:
    """Lease work to a worker that is free; None when nothing fits it now.

    The worker was read after the transaction had settled, and so are the sums that the rule goes by. One that drains or
    is in quarantine gets nothing; one on probation a single job.
    """
    if not worker.takes_work(tx.now):
        return None
    if worker.conduct.is_on_probation(tx.now):
        most_jobs = 1
    tx.settle()
    passed_over: set[GroupId] = set()
    while True:
        picture, rows = picture_of(tx, worker, passed_over=passed_over)
        choice = rule.choose(picture)
        if choice is None:
            return None
        group = rows[choice.group_id]
        binaries, best = _look_into(tx, group)
        jobs = _pack(tx, worker, group, best)[:most_jobs]
        if (
            not _needs_changed(tx, group, binaries)
            and jobs
            and not (choice.install and warm.comes_for(tx, worker, group, jobs))
        ):
            binary = _binary_for(worker, group, binaries)
            return grant(tx, worker, group=group, binary=binary, jobs=jobs, lasts=lasts, choice=choice)
        passed_over.add(choice.group_id)


def _look_into(tx: Transaction, group: Row) -> tuple[list[AppBinary], list[Row]]:
    """Read what is uploaded of a group's app version, and lock its best jobs, of those that nobody else is moving."""
    binaries, jobs = tx.rows_together(
        ("binaries_of_app", {"org_id": group["org_id"], "app_version_id": group["app_version_id"]}),
        ("ready_jobs", {"group_id": group["group_id"], "limit": LOOKS[0]}),
    )
    return [binary_of(row) for row in binaries], jobs


def _needs_changed(tx: Transaction, group: Row, binaries: list[AppBinary]) -> bool:
    """Whether the app was uploaded while the group's first job was being submitted: then it is put right."""
    needs = needs_now(requirement_of(group), binaries).key
    if needs == group["needs"]:
        return False
    tx.book("set_needs", group["group_id"], group_id=group["group_id"], needs=needs)
    return True


def _binary_for(worker: Worker, group: Row, binaries: list[AppBinary]) -> AppBinary | None:
    requirement = requirement_of(group)
    return binary_for(binaries, platform=worker.platform or requirement.platform, target=requirement.target)


def _pack(tx: Transaction, worker: Worker, group: Row, best: list[Row]) -> list[Row]:
    """Pack a lease from a group's best jobs, without those that are kept for another worker that is free."""
    packed = _packed(tx, worker, group, best)
    if len(best) == LOOKS[0] and not is_full(packed):
        best = tx.rows("ready_jobs", group_id=group["group_id"], limit=LOOKS[1])
        packed = _packed(tx, worker, group, best)
    taken = {job.job_id for job in packed}
    return [row for row in best if row["job_id"] in taken]


def _packed(tx: Transaction, worker: Worker, group: Row, rows: list[Row]) -> tuple[WaitingJob, ...]:
    return pack([_waiting_job(row) for row in _not_kept(tx, worker, group, rows)])


def _not_kept(tx: Transaction, worker: Worker, group: Row, rows: list[Row]) -> list[Row]:
    now_micros = to_micros(tx.now)
    free = [row for row in rows if not _is_kept_from(worker, row, now_micros)]
    return free if len(free) < len(rows) and _another_is_free(tx, worker, group["needs"]) else rows


def _is_kept_from(worker: Worker, row: Row, now_micros: int) -> bool:
    return bool(row["avoid_worker"] == worker.worker_id and row["avoid_until_at"] > now_micros)


def _another_is_free(tx: Transaction, worker: Worker, needs: str) -> bool:
    """Whether some other worker could take the group's jobs right now."""
    free = tx.rows("free_workers", seen_since_at=tx.now - SILENT_AFTER, now=tx.now)
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
