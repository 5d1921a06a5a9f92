"""Who waits: the list that claims take from, the jobs that rest, and the sums of their groups, always together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from qgjob.core.words import GroupId, Priority, WorkerId
from qgjob.service.jobs.in_hand import JobInHand
from qgjob.store import WORK, Row, Transaction
from qgjob.store.clock import to_micros, to_millis
from qgjob.store.transaction import Value

MOST_WOKEN = 500

_KEY = ("group_id", "lane", "due_at", "run_number", "slow_us", "job_number")


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
    resting: int = 0,
) -> None:
    """Keep a group's counts and its rank; each number is a difference."""
    tx.add("add_to_group", {"group_id": group_id}, jobs=jobs, resting=resting)


def wait_in_group(tx: Transaction, group_id: GroupId, jobs: Iterable[Row], *, sign: int = 1) -> None:
    """Keep the sums of what waits in a group, and its rank: these jobs begin to wait, or no longer do (`sign` -1).

    Of each job: `lane`, and `slow_us` as on the list.
    """
    waits: Mapping[bool, list[int]] = {True: [], False: []}
    for job in jobs:
        waits[job["lane"] == 0].append(-sign * job["slow_us"])
    urgent, others = waits[True], waits[False]
    tx.add(
        "add_to_group",
        {"group_id": group_id},
        waiting=sign * (len(urgent) + len(others)),
        work_us=sum(urgent) + sum(others),
        urgent=sign * len(urgent),
        urgent_us=sum(urgent),
    )


def join_group(tx: Transaction, group_id: GroupId, jobs: Sequence[Mapping[str, Value]]) -> None:
    """Count jobs that have just been made and put on the list, as they are stored."""
    add_to_group(tx, group_id, jobs=len(jobs))
    wait_in_group(tx, group_id, [{"lane": job["lane"], "slow_us": -cast("int", job["estimate_us"])} for job in jobs])
    owed: dict[Priority, list[int]] = {}
    for job in jobs:
        owed.setdefault(Priority(cast("str", job["priority"])), []).append(cast("int", job["estimate_us"]))
    for priority, work_us in owed.items():
        owe(tx, group_id, priority, jobs=len(work_us), work_us=sum(work_us))


def owe(tx: Transaction, group_id: GroupId, priority: Priority, *, jobs: int, work_us: int) -> None:
    """Keep what an org has outstanding on a group's requirement: differences; jobs that end are owed no more."""
    tx.add("add_to_backlog", {"group_id": group_id, "priority": priority.value}, jobs=jobs, work_us=work_us)


def serve_group(tx: Transaction, group_id: GroupId, *, busy_until_at: datetime, servers: int = 1) -> None:
    """Count a lease on a group that begins, or one that ends (`servers` -1)."""
    tx.add("add_to_group", {"group_id": group_id}, servers=servers, ends_ms=servers * to_millis(busy_until_at))


def put_on_list(tx: Transaction, hand: JobInHand, *, avoid: Avoid | None = None) -> None:
    """Let a pending job be claimed."""
    _list(
        tx,
        hand.place_on_list(),
        avoid_worker=None if avoid is None else avoid.worker_id,
        avoid_until_at=None if avoid is None else to_micros(avoid.until_at),
    )


def let_rest(tx: Transaction, hand: JobInHand, *, until_at: datetime, avoid: Avoid) -> None:
    """Keep a pending job from being claimed until a time; meanwhile it counts for no sum."""
    tx.later(
        "rest_job",
        job_number=hand.number,
        org_id=hand.org_id,
        until_at=until_at,
        avoid_worker=avoid.worker_id,
        avoid_until_at=avoid.until_at,
    )
    add_to_group(tx, hand.group_id, resting=1)


def wake(tx: Transaction) -> int:
    """Put the jobs that have rested enough on the list, a bounded number of them; how many."""
    rested = tx.rows("rested_jobs", now=tx.now, limit=MOST_WOKEN)
    if rested:
        tx.execute("stir_jobs", job_numbers=[row["job_number"] for row in rested])
    for row in rested:
        add_to_group(tx, row["group_id"], resting=-1)
        _list(tx, row, avoid_worker=row["avoid_worker"], avoid_until_at=row["avoid_until_at"])
    tx.flush()
    return len(rested)


def take_off(tx: Transaction, hand: JobInHand) -> None:
    """Take a pending job off the list, or out of its rest."""
    place = hand.place_on_list()
    if tx.execute("take_ready", **{column: place[column] for column in _KEY}):
        wait_in_group(tx, hand.group_id, [place], sign=-1)
    else:
        resting = tx.execute("stir_job", job_number=hand.number)
        add_to_group(tx, hand.group_id, resting=-resting)


def take_first_off(tx: Transaction, jobs: Sequence[Row]) -> None:
    """Take jobs off the head of their group's list, rows of `ready_jobs` in its order. The group's sums stay."""
    last = {column: jobs[-1][column] for column in _KEY}
    numbers = [job["job_number"] for job in jobs]
    tx.expect(len(jobs), "take_first_ready", "a job that waits and was locked is not listed", **last, numbers=numbers)


def take_all_off(tx: Transaction, group_id: GroupId, job_numbers: Sequence[int]) -> int:
    """Take jobs of one group off the list; how many were on it. The group's sums are the caller's."""
    return tx.execute("take_ready_jobs", group_id=group_id, numbers=job_numbers)


def _list(tx: Transaction, listing: Row, *, avoid_worker: WorkerId | None, avoid_until_at: int | None) -> None:
    key = {column: listing[column] for column in _KEY}
    tx.later("list_job", **key, org_id=listing["org_id"], avoid_worker=avoid_worker, avoid_until_at=avoid_until_at)
    wait_in_group(tx, listing["group_id"], [listing])
    tx.touch(WORK)
