"""Find work for one free worker: draw the picture, ask the rule, and lease what the group has for it."""

from datetime import timedelta

from qgjob.core.app import AppBinary
from qgjob.core.group import binary_for, needs_now
from qgjob.core.lease import Lease
from qgjob.core.packing import MOST_JOBS, WaitingJob, is_full, pack
from qgjob.core.picking import can_pick
from qgjob.core.policy import SHIPPED, Choice, Rule
from qgjob.core.timing import SILENT_AFTER
from qgjob.core.words import GroupId, ResetMode
from qgjob.core.worker import Worker
from qgjob.core.worker_class import WorkerClass
from qgjob.service.leasing import warm
from qgjob.service.leasing.grant import grant
from qgjob.service.leasing.picture import picture_of
from qgjob.service.needs.matching import know_requirements
from qgjob.store import Row, Transaction
from qgjob.store.nouns import binary_of, length_of, requirement_of, wish_of, worker_of

LOOKS = (16, 4 * MOST_JOBS)
"""Waiting jobs of a group that one claim looks at to fill a lease: a few at first, more when those do not fill it."""


MOST_OTHERS = 500
"""Free workers that are looked at to find one that a job should rather have."""


def offer(
    tx: Transaction,
    worker: Worker,
    *,
    lasts: timedelta,
    most_jobs: int = MOST_JOBS,
    rule: Rule = SHIPPED,
    sees_all: bool = False,
    protocol: int,
) -> Lease | None:
    """Lease work to a worker that is free; None when nothing fits it now. `protocol`: what it speaks.

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
        picture, rows = picture_of(tx, worker, passed_over=passed_over, sees_all=sees_all)
        choice = rule.choose(picture)
        if choice is None:
            return None
        group = rows[choice.group_id]
        binaries, best = _look_into(tx, group)
        jobs = _pack(tx, worker, group, best, protocol=protocol)[:most_jobs]
        if (
            not _needs_changed(tx, group, binaries)
            and jobs
            and not (choice.install and warm.comes_for(tx, worker, group, jobs))
        ):
            return _lease(tx, worker, group, binaries, jobs, lasts=lasts, choice=choice)
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
    needs = needs_now(requirement_of(group), binaries)
    if needs.key == group["needs"]:
        return False
    know_requirements(tx, [needs])
    tx.book("set_needs", group["group_id"], group_id=group["group_id"], needs=needs.key)
    return True


def _lease(
    tx: Transaction,
    worker: Worker,
    group: Row,
    binaries: list[AppBinary],
    jobs: list[Row],
    *,
    lasts: timedelta,
    choice: Choice,
) -> Lease:
    requirement = requirement_of(group)
    platform = worker.platform or requirement.platform
    needed = needs_now(requirement, binaries).platform
    return grant(
        tx,
        worker,
        group=group,
        binary=binary_for(binaries, platform=platform, target=requirement.target),
        worker_class=WorkerClass(target=requirement.target, platform=worker.platform or needed, model=worker.model),
        jobs=jobs,
        lasts=lasts,
        choice=choice,
    )


def _pack(tx: Transaction, worker: Worker, group: Row, best: list[Row], *, protocol: int) -> list[Row]:
    """Pack a lease from a group's best jobs, without those that are kept for another worker that is free."""
    packed = _packed(tx, worker, group, best, protocol=protocol)
    if len(best) == LOOKS[0] and not is_full(packed):
        best = tx.rows("ready_jobs", group_id=group["group_id"], limit=LOOKS[1])
        packed = _packed(tx, worker, group, best, protocol=protocol)
    taken = {job.job_id for job in packed}
    return [row for row in best if row["job_id"] in taken]


def _packed(tx: Transaction, worker: Worker, group: Row, rows: list[Row], *, protocol: int) -> tuple[WaitingJob, ...]:
    able = [row for row in rows if can_pick(test_path=row["test_path"], grep=row["grep"], protocol=protocol)]
    return pack([_waiting_job(row) for row in _not_kept(tx, worker, group, able)])


def _not_kept(tx: Transaction, worker: Worker, group: Row, rows: list[Row]) -> list[Row]:
    wishes = {row["job_id"]: wish_of(row) for row in rows}
    if not any(wish.would_rather(worker, now=tx.now) for wish in wishes.values()):
        return rows
    others = _others_free(tx, worker, group["needs"])
    return [row for row in rows if not wishes[row["job_id"]].is_kept_from(worker, others=others, now=tx.now)]


def _others_free(tx: Transaction, worker: Worker, needs: str) -> list[Worker]:
    """List other workers that could take the group's jobs right now."""
    seen_since_at = tx.now - SILENT_AFTER
    free = tx.rows(
        "free_workers", needs=needs, but=worker.worker_id, seen_since_at=seen_since_at, now=tx.now, limit=MOST_OTHERS
    )
    return [worker_of(row, tx.now) for row in free]


def _waiting_job(row: Row) -> WaitingJob:
    return WaitingJob(
        job_id=row["job_id"],
        test_path=row["test_path"],
        bundle=row["bundle"],
        project=row["project"],
        reset=ResetMode(row["reset"]),
        estimate=length_of(-row["slow_us"]),
    )
