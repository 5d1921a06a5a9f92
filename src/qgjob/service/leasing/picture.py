"""What a free worker could do: the few groups that the rule must see, however many there are."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from itertools import chain

from qgjob.core import estimate
from qgjob.core.policy import GroupPicture, Picture, Rank
from qgjob.core.words import AppVersionId, GroupId, OrgId
from qgjob.core.worker import Worker
from qgjob.store import Row, Transaction
from qgjob.store.clock import from_micros, to_millis
from qgjob.store.nouns import length_of

MOST_OF_A_KIND = 8
"""Groups that have workers, looked at per requirement that the asking one meets: so many of the best-ranked ones, and
so many of those that would be done last."""

_Version = tuple[OrgId, AppVersionId]
_Rows = Mapping[GroupId, Row]


def picture_of(
    tx: Transaction, worker: Worker, *, passed_over: Collection[GroupId], sees_all: bool = False
) -> tuple[Picture, _Rows]:
    """Draw what this worker could serve, without the groups that it has looked into and found nothing for it.

    Of every group in the picture also its row. `sees_all`: for rules that rank what has workers with what has none.
    """
    every_own = _own_groups(tx, worker, passed_over)
    if every_own and every_own[0]["rank_lane"] == 0:
        others: _Rows = {}  # urgent work for what is installed goes before anything else
    else:
        others = _other_groups(tx, worker, passed_over, own=len(every_own), sees_all=sees_all)
    picture = Picture(
        own=_draw(tx, every_own[0], install=timedelta(0)) if every_own else None,
        others=tuple(_draw(tx, row, install=_install_time(row)) for row in others.values()),
        held_for=timedelta(0) if worker.installed is None else tx.now - worker.installed.installed_at,
        reinstall=_reinstall_time(tx, worker) if every_own else timedelta(0),
    )
    return picture, {**others, **{row["group_id"]: row for row in every_own[:1]}}


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
    tx: Transaction, worker: Worker, passed_over: Collection[GroupId], *, own: int, sees_all: bool
) -> _Rows:
    """Find the groups of other versions that matter; `own` of those that wait may be of this one.

    As long as one of them has no worker, those that have some matter only for their urgent work.
    """
    spare, held, needs = own + len(passed_over), held_version(worker), _needs_met(worker)

    def look_for(statement: str, most: int, **also: int) -> _Rows:
        answers = tx.rows_each(statement, [{"needs": each, "limit": most + spare, **also} for each in needs])
        return {
            row["group_id"]: row
            for row in chain.from_iterable(answers)
            if (row["org_id"], row["app_version_id"]) != held and row["group_id"] not in passed_over
        }

    if unserved := look_for("unserved_groups", 1):
        return {**unserved, **look_for("served_groups", MOST_OF_A_KIND, lane=int(sees_all))}
    return {**look_for("served_groups", MOST_OF_A_KIND, lane=1), **look_for("last_groups", MOST_OF_A_KIND)}


def _needs_met(worker: Worker) -> list[str]:
    return sorted(requirement.key for requirement in worker.requirements())


def _install_time(row: Row) -> timedelta:
    return estimate.UNKNOWN_INSTALL if row["install_us"] is None else length_of(row["install_us"])


def _reinstall_time(tx: Transaction, worker: Worker) -> timedelta:
    """How long it would take to install again what the worker holds."""
    held = worker.installed
    if held is None or held.package is None:
        return estimate.UNKNOWN_INSTALL
    rows = [
        tx.row("install_estimate", org_id=held.org_id, package=held.package, target=target)
        for target in sorted(worker.targets)
    ]
    return next((length_of(row["took_us"]) for row in rows if row is not None), estimate.UNKNOWN_INSTALL)


def _draw(tx: Transaction, row: Row, *, install: timedelta) -> GroupPicture:
    busy_for = timedelta(milliseconds=row["ends_ms"] - row["servers"] * to_millis(tx.now))
    return GroupPicture(
        group_id=row["group_id"],
        rank=Rank(lane=row["rank_lane"], due_at=from_micros(row["rank_due_at"]), run=row["rank_run"]),
        waiting=row["waiting"],
        work=length_of(row["work_us"]),
        urgent_waiting=row["urgent"],
        urgent_work=length_of(row["urgent_us"]),
        servers=row["servers"],
        busy_for=max(timedelta(0), busy_for),
        install=install,
    )
