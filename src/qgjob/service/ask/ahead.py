"""How the farm stands, read for a forecast: a bounded part of it, however large it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qgjob.core import estimate
from qgjob.core.ahead import Asked, FarmAhead, GroupAhead, LeaseAhead, Planned, WorkerAhead, stretches_of
from qgjob.core.policy import Rank
from qgjob.core.requirement import Requirement
from qgjob.core.timing import PROTOCOL1_LEASE, SILENT_AFTER
from qgjob.core.words import GroupId
from qgjob.service import find
from qgjob.service.books import learning
from qgjob.store import Row, Transaction
from qgjob.store.clock import from_micros, to_millis
from qgjob.store.nouns import length_of, names_of, traits_of

MOST_WORKERS = 500
MOST_GROUPS = 200
"""Of each requirement: so many that nobody serves, and so many that have workers."""
MOST_BEFORE = 5000
"""Jobs before one that is asked for, as far as they are counted."""

_NONE = timedelta(0)
_SOON = timedelta(microseconds=1)
"""A job that has rested enough is woken by the next worker that asks."""


def asked_for(tx: Transaction, row: Row) -> Asked:
    """Find the place of a waiting job on its group's list."""
    place = {column: row[column] for column in ("group_id", "lane", "due_at", "run_number", "slow_us", "job_number")}
    before = tx.only("jobs_before", **place, limit=MOST_BEFORE)
    rests_until_at = row["until_at"]
    return Asked(
        job_id=row["job_id"],
        rank=Rank(lane=row["lane"], due_at=from_micros(row["due_at"]), run=row["run_number"]),
        estimate=length_of(-row["slow_us"]),
        before=before["jobs"],
        work_before=length_of(before["work_us"]),
        wakes_in=_NONE if rests_until_at is None else max(_SOON, from_micros(rests_until_at) - tx.now),
    )


@dataclass(frozen=True, kw_only=True)
class Supposed:
    """What may not be there yet: groups as rows, what they need by its key, and how long their apps install."""

    groups: Mapping[GroupId, Row]
    needs: Mapping[str, Requirement]
    installs: Mapping[GroupId, timedelta]


def farm_ahead(
    tx: Transaction, asked: Mapping[GroupId, Sequence[Asked | Planned]], supposed: Supposed | None = None
) -> FarmAhead | None:
    """Read what the turn of these jobs, by their groups, depends on; None: there are too many workers to look ahead."""
    rows = tx.rows("workers_ahead", limit=MOST_WORKERS + 1, **heard_of_since(tx.now))
    if len(rows) > MOST_WORKERS:
        return None
    met = _needs_met(tx, rows)
    if supposed is None:
        own = {group_id: find.group(tx, group_id) for group_id in asked}
    else:
        own, met = dict(supposed.groups), _met_with(met, rows, supposed.needs)
    concerned = _connected({row["needs"] for row in own.values()}, met.values())
    needs = sorted(concerned)
    unserved = tx.rows_each("unserved_groups", [{"needs": each, "limit": MOST_GROUPS} for each in needs])
    served = tx.rows_each("served_groups", [{"needs": each, "limit": MOST_WORKERS, "lane": 1} for each in needs])
    groups = {row["group_id"]: row for answer in (*unserved, *served) for row in answer}
    groups.update(own)
    takes = dict(learning.mean_install_times(tx, list(groups.values())))
    if supposed is not None:
        takes.update(supposed.installs)
    ahead = {
        group_id: _group(row, asked.get(group_id, ()), takes[group_id], tx.now) for group_id, row in groups.items()
    }
    installs = {group.version: group.install for group in ahead.values()}
    return FarmAhead(
        groups=tuple(ahead.values()),
        workers=tuple(
            _worker(row, met[row["number"]] & concerned, installs, tx.now)
            for row in rows
            if met[row["number"]] & concerned or row["group_id"] in ahead
        ),
        cut={
            each: _rank(answer[-1]) for each, answer in zip(needs, unserved, strict=True) if len(answer) == MOST_GROUPS
        },
    )


def heard_of_since(now: datetime) -> dict[str, datetime]:
    """Say since when a worker must have been heard of that counts as there."""
    return {"agents_since_at": now - SILENT_AFTER, "protocol1_since_at": now - PROTOCOL1_LEASE}


def _needs_met(tx: Transaction, rows: Sequence[Row]) -> Mapping[int, frozenset[str]]:
    """Name the requirements that workers meet, by their numbers; none for those that get no more work."""
    met: dict[int, set[str]] = {row["number"]: set() for row in rows}
    working = [row["number"] for row in rows if not row["draining"]]
    for found in tx.rows("needs_of_workers", numbers=working) if working else ():
        met[found["worker_number"]].add(found["needs"])
    return {number: frozenset(needs) for number, needs in met.items()}


def _met_with(
    met: Mapping[int, frozenset[str]], rows: Sequence[Row], needs: Mapping[str, Requirement]
) -> Mapping[int, frozenset[str]]:
    """Name them with those that nobody has compared with the workers yet."""
    together = dict(met)
    for row in rows:
        if not row["draining"]:
            traits = traits_of(row, names=names_of(row))
            together[row["number"]] |= {key for key, each in needs.items() if each.is_met_by(traits)}
    return together


def _connected(needs: set[str], met: Iterable[frozenset[str]]) -> set[str]:
    """Name the requirements whose groups have a say in when these come to their turn: by workers that meet several."""
    others = list(set(met))
    while more := [each for each in others if each & needs and not each <= needs]:
        needs = needs.union(*more)
    return needs


def _group(row: Row, asked: Sequence[Asked | Planned], install: timedelta, now: datetime) -> GroupAhead:
    urgent = row["urgent"], length_of(row["urgent_us"])
    others = row["waiting"] - urgent[0], length_of(row["work_us"]) - urgent[1]
    rank = _rank(row) if row["waiting"] else asked[0].rank
    return GroupAhead(
        group_id=row["group_id"],
        version=_version(row["org_id"], row["app_version_id"]),
        needs=row["needs"],
        install=install,
        stretches=stretches_of(rank, {0: urgent, 1: others}, asked),
        servers=row["servers"],
        ends_in=timedelta(milliseconds=row["ends_ms"] - row["servers"] * to_millis(now)),
    )


def _worker(row: Row, needs: frozenset[str], installs: Mapping[str, timedelta], now: datetime) -> WorkerAhead:
    """`installs`: what is known of each version. What another takes says nothing, since no work waits for it."""
    lease, free_in = None, _NONE
    version = None if row["hold_org_id"] is None else _version(row["hold_org_id"], row["hold_app_version_id"])
    held_for = _NONE if row["hold_at"] is None else now - from_micros(row["hold_at"])
    if row["lease"] is not None:
        ends_in = from_micros(row["busy_until_at"]) - now
        lease, free_in = LeaseAhead(group_id=row["group_id"], ends_in=ends_in), max(_NONE, ends_in)
        leased = _version(row["lease_org_id"], row["lease_app_version_id"])
        version, held_for = leased, held_for if leased == version else _NONE
    if row["quarantined_until_at"] is not None:
        free_in = max(free_in, from_micros(row["quarantined_until_at"]) - now)
    return WorkerAhead(
        worker_id=row["worker_id"],
        needs=needs,
        version=version,
        held_for=held_for,
        reinstall=_NONE if version is None else installs.get(version, estimate.UNKNOWN_INSTALL),
        free_in=free_in,
        lease=lease,
    )


def _rank(row: Row) -> Rank:
    return Rank(lane=row["rank_lane"], due_at=from_micros(row["rank_due_at"]), run=row["rank_run"])


def _version(org_id: str, app_version_id: str) -> str:
    return f"{org_id}\0{app_version_id}"
