"""What a free worker could do: the few groups that the rule must see, however many there are."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from itertools import chain

from qgjob.core.policy import GroupPicture, Picture, Rank
from qgjob.core.words import AppVersionId, GroupId, OrgId
from qgjob.core.worker import Worker
from qgjob.service.books import learning
from qgjob.service.needs.standing import needs_met
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
    needs = needs_met(tx, worker.worker_id)
    every_own = _own_groups(tx, worker, needs, passed_over)
    own = every_own[:1]
    if own and own[0]["rank_lane"] == 0:
        others: _Rows = {}  # urgent work for what is installed goes before anything else
    else:
        others = _other_groups(tx, worker, needs, passed_over, own=len(every_own), sees_all=sees_all)
    installs = learning.install_times(tx, worker, [*own, *others.values()])
    picture = Picture(
        own=_draw(tx, own[0], install=timedelta(0)) if own else None,
        others=tuple(_draw(tx, row, install=installs[group_id]) for group_id, row in others.items()),
        held_for=timedelta(0) if worker.installed is None else tx.now - worker.installed.installed_at,
        reinstall=installs[own[0]["group_id"]] if own else timedelta(0),
    )
    return picture, {**others, **{row["group_id"]: row for row in own}}


def held_version(worker: Worker) -> _Version | None:
    """Name the app version that a worker holds."""
    held = worker.installed
    return None if held is None else (held.org_id, held.app_version_id)


def _own_groups(tx: Transaction, worker: Worker, needs: Sequence[str], passed_over: Collection[GroupId]) -> list[Row]:
    if worker.installed is None:
        return []
    rows = tx.rows(
        "own_groups",
        org_id=worker.installed.org_id,
        app_version_id=worker.installed.app_version_id,
        needs=needs,
    )
    return [row for row in rows if row["group_id"] not in passed_over]


def _other_groups(
    tx: Transaction, worker: Worker, needs: Sequence[str], passed_over: Collection[GroupId], *, own: int, sees_all: bool
) -> _Rows:
    """Find the groups of other versions that matter; `own` of those that wait may be of this one.

    As long as one of them has no worker, those that have some matter only for their urgent work.
    """
    spare, held = own + len(passed_over), held_version(worker)

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
