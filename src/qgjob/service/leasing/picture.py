"""What a free worker could do: the few groups that the policy must see, however many there are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from qgjob.core import estimate, policy
from qgjob.core.policy import GroupPicture, Rank
from qgjob.core.words import AppVersionId, GroupId, OrgId
from qgjob.core.worker import Worker
from qgjob.store import Row, Transaction
from qgjob.store.clock import from_micros, to_millis
from qgjob.store.nouns import length_of

MOST_OF_A_KIND = 8
"""Groups looked at per requirement that the worker meets and kind (unserved, served): the best-ranked ones."""

_Version = tuple[OrgId, AppVersionId]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The arguments of `policy.choose`; of every group in it also its row, and what it costs this worker to install."""

    own: GroupPicture | None
    unserved: GroupPicture | None
    served: tuple[GroupPicture, ...]
    rows: Mapping[GroupId, Row]
    installs: Mapping[GroupId, timedelta]


def picture_of(tx: Transaction, worker: Worker, *, passed_over: Collection[GroupId]) -> Picture:
    """Draw what this worker could serve, without the groups that it has looked into and found nothing for it.

    Groups that have workers are left out where the rule does not look at them.
    """
    every_own = _own_groups(tx, worker, passed_over)
    own = every_own[:1]
    unserved = _other_groups(tx, "unserved_groups", worker, passed_over, enough=1, own=len(every_own))[:1]
    served: list[Row] = []
    if policy.looks_at_served(own=bool(own), unserved=bool(unserved)):
        served = _other_groups(tx, "served_groups", worker, passed_over, enough=MOST_OF_A_KIND, own=0)
    rows = [*own, *unserved, *served]
    drawn = {row["group_id"]: _draw(tx, row, install=_install_time(row, worker)) for row in rows}
    return Picture(
        own=drawn[own[0]["group_id"]] if own else None,
        unserved=drawn[unserved[0]["group_id"]] if unserved else None,
        served=tuple(drawn[row["group_id"]] for row in served),
        rows={row["group_id"]: row for row in rows},
        installs={group_id: picture.install for group_id, picture in drawn.items()},
    )


def held_version(worker: Worker) -> _Version | None:
    """Name the app version that a worker holds."""
    held = worker.installed
    return None if held is None else (held.org_id, held.app_version_id)


def _own_groups(tx: Transaction, worker: Worker, passed_over: Collection[GroupId]) -> list[Row]:
    if worker.installed is None:
        return []
    rows = tx.rows(
        "own_groups",
        org_id=worker.installed.org_id,
        app_version_id=worker.installed.app_version_id,
        needs=_needs_met(worker),
    )
    return [row for row in rows if row["group_id"] not in passed_over]


def _other_groups(
    tx: Transaction, statement: str, worker: Worker, passed_over: Collection[GroupId], *, enough: int, own: int
) -> list[Row]:
    """List the best-ranked groups of other versions, `enough` at most; `own` of those that wait may be of this one."""
    limit = enough + own + len(passed_over)
    answers = tx.rows_each(statement, [{"needs": needs, "limit": limit} for needs in _needs_met(worker)])
    found = [
        row
        for answer in answers
        for row in answer
        if (row["org_id"], row["app_version_id"]) != held_version(worker) and row["group_id"] not in passed_over
    ]
    return sorted(found, key=_rank)[:enough]


def _needs_met(worker: Worker) -> list[str]:
    return sorted(requirement.key for requirement in worker.requirements())


def _install_time(row: Row, worker: Worker) -> timedelta:
    if (row["org_id"], row["app_version_id"]) == held_version(worker):
        return timedelta(0)
    return estimate.UNKNOWN_INSTALL if row["install_us"] is None else length_of(row["install_us"])


def _draw(tx: Transaction, row: Row, *, install: timedelta) -> GroupPicture:
    busy_for = timedelta(milliseconds=row["ends_ms"] - row["servers"] * to_millis(tx.now))
    return GroupPicture(
        group_id=row["group_id"],
        rank=_rank(row),
        waiting=row["waiting"],
        work=length_of(row["work_us"]),
        servers=row["servers"],
        busy_for=max(timedelta(0), busy_for),
        install=install,
    )


def _rank(row: Row) -> Rank:
    return Rank(lane=row["rank_lane"], due_at=from_micros(row["rank_due_at"]), run=row["rank_run"])
