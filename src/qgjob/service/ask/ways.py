"""The way to the jobs that somebody asks for: along the shortest lists that have them all, a bounded part at a time.

No index goes by a job's status, so that the many updates of jobs stay cheap; the narrow lists that the farm keeps
anyway say what waits, what is leased and what has ended.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from sys import maxsize

from qgjob.core.words import AppVersionId, JobStatus, OrgId, RunId
from qgjob.store import Row, Transaction
from qgjob.store.transaction import Value

MOST_LISTS = 64
"""Lists that one page is merged from."""
MOST_PASSED = 5000
"""Jobs that a page passes over at most; what lies beyond is for the next page."""
FEW_WAITING = 5000
"""So many waiting jobs of an app version are looked through one by one."""


@dataclass(frozen=True, kw_only=True)
class JobFilter:
    """What is asked for. None: any."""

    run_id: RunId | None = None
    org_id: OrgId | None = None
    status: JobStatus | None = None
    app_version_id: AppVersionId | None = None


@dataclass(frozen=True, kw_only=True)
class Way:
    """A statement that walks a list, the lists that have all that is asked for, and how long they are together."""

    walk: str
    lists: Sequence[Mapping[str, Value]]
    length: int


def way_to(tx: Transaction, filters: JobFilter) -> Way:
    """Find the shortest way to the jobs of a filter. What it passes may have to be filtered still."""
    return shortest([_past_all(filters), *_by_status(tx, filters), *_by_version(tx, filters)])


def shortest(ways: Iterable[Way]) -> Way:
    """Choose among ways; one that is merged from too many lists is none. There is one along a single list."""
    return min((way for way in ways if len(way.lists) <= MOST_LISTS), key=lambda way: way.length)


def walked(tx: Transaction, filters: JobFilter, *, after: int, most: int) -> tuple[list[Row], int | None]:
    """Walk until `most` jobs are found, the lists end, or enough was passed over.

    The jobs, oldest first, and the number up to which they are all that there is; None: there are no more.
    """
    way, found, passed = way_to(tx, filters), list[Row](), 0
    while len(found) < most and passed < MOST_PASSED:
        numbers = _step(tx, way, after=after, limit=most)
        found += tx.rows(
            "listed_jobs",
            numbers=numbers,
            org_id=filters.org_id,
            status=filters.status,
            app_version_id=filters.app_version_id,
        )
        if len(numbers) < most:
            return found, None
        after, passed = numbers[-1], passed + len(numbers)
    return found, after


def _step(tx: Transaction, way: Way, *, after: int, limit: int) -> list[int]:
    """Merge the next numbers of all the lists."""
    answers = tx.rows_each(way.walk, [{**each, "after": after, "limit": limit} for each in way.lists])
    return sorted(row["number"] for rows in answers for row in rows)[:limit]


def _past_all(filters: JobFilter) -> Way:
    if filters.org_id is None:
        return Way(walk="walk_jobs", lists=[{}], length=maxsize)
    return Way(walk="walk_org", lists=[{"org_id": filters.org_id}], length=maxsize)


def _by_status(tx: Transaction, filters: JobFilter) -> Iterator[Way]:
    status = filters.status
    if status is None:
        return
    if status in {JobStatus.QUEUED, JobStatus.RUNNING}:
        yield Way(walk="walk_leased", lists=[{}], length=0)
        return
    rows = tx.rows("orgs_with_status", status=status, org_id=filters.org_id)
    length = sum(row["jobs"] for row in rows)
    if status is JobStatus.PENDING:
        yield Way(walk="walk_waiting", lists=[{"org_id": row["org_id"]} for row in rows], length=length)
    else:
        lists = [{"org_id": row["org_id"], "status": status.value} for row in rows]
        yield Way(walk="walk_ended", lists=lists, length=length)


def _by_version(tx: Transaction, filters: JobFilter) -> Iterator[Way]:
    if filters.app_version_id is None:
        return
    rows = tx.rows("groups_of_version", org_id=filters.org_id, app_version_id=filters.app_version_id)
    groups = [{"group_id": row["group_id"]} for row in rows]
    yield Way(walk="walk_group", lists=groups, length=sum(row["jobs"] for row in rows))
    waiting = sum(row["waiting"] for row in rows)
    if filters.status is JobStatus.PENDING and waiting <= FEW_WAITING:
        lists = [{"group_id": row["group_id"], "org_id": row["org_id"]} for row in rows if row["waiting"]]
        yield Way(walk="walk_waiting_of_group", lists=lists, length=waiting)
