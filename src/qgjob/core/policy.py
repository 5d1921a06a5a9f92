"""Which group a free worker serves: its own installed version first, then who waits longest, then who gains from help.

A rule over sums that the verbs keep: it never sees single jobs, so it costs the same for ten of them and for a million.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qgjob.core.words import GroupId, Priority

THETA = 1.5
"""A served group is joined when its last job would else start later than this many installations from now."""

_SLACK = {
    Priority.URGENT: timedelta(0),
    Priority.HIGH: timedelta(seconds=-1800),
    Priority.NORMAL: timedelta(0),
    Priority.LOW: timedelta(seconds=3600),
}


@dataclass(frozen=True, kw_only=True, order=True)
class Rank:
    """Who comes first, smallest first: urgent ones (lane 0), then the earliest virtual deadline, then the older run."""

    lane: int
    due_at: datetime
    run: int


@dataclass(frozen=True, kw_only=True)
class GroupPicture:
    """A group as a free worker sees it; some of it waits.

    `rank`: of its best waiting job. `work`: sum of the estimates of all `waiting` jobs. `servers`: leases in force on
    it, which have `busy_for` left to do, all together. `install`: what it would cost this worker, 0 when installed.
    """

    group_id: GroupId
    rank: Rank
    waiting: int
    work: timedelta
    servers: int
    busy_for: timedelta
    install: timedelta


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The group to serve, and why, in a sentence for people."""

    group_id: GroupId
    reason: str


def lane_of(priority: Priority) -> int:
    """0 for urgent jobs, which go before all others, else 1."""
    return 0 if priority is Priority.URGENT else 1


def due(priority: Priority, submitted_at: datetime) -> datetime:
    """Set the virtual deadline of a job, once and for all: so waiting itself makes a job more urgent."""
    return submitted_at + _SLACK[priority]


def last_start(group: GroupPicture) -> timedelta:
    """How long from now the last waiting job of a group would start with the workers it has today.

    With no worker: never (`timedelta.max`). With fewer jobs than workers the last of them waits for one of the next
    workers to come free; else the work is spread evenly.
    """
    n, k = group.waiting, group.servers
    if k == 0:
        return timedelta.max
    if n < k:
        return group.busy_for / k * (2 * n / (k + 1))
    return (group.busy_for + group.work * (1 - 1 / n)) / k


def choose(*, own: GroupPicture | None, unserved: GroupPicture | None, served: Sequence[GroupPicture]) -> Choice | None:
    """Choose for a free worker; None: it stays idle, and warm.

    `own` is the best-ranked group of the installed version, `unserved` the best-ranked other group that has no worker,
    `served` other groups that have some. All of them wait for something that this worker can serve.
    """
    if own is not None and not _leaves(own, unserved):
        return Choice(group_id=own.group_id, reason="its app version is installed on this worker already")
    if unserved is not None:
        return Choice(group_id=unserved.group_id, reason="no worker serves this group yet and it has waited longest")
    worth_joining = [group for group in served if last_start(group) > group.install * THETA]
    if not worth_joining:
        return None
    slowest = max(worth_joining, key=last_start)
    return Choice(group_id=slowest.group_id, reason="the work left in this group is worth another installation")


def looks_at_served(*, own: bool, unserved: bool) -> bool:
    """Whether `choose` looks at groups that have workers, given whether there is a group of the other two kinds."""
    return not own and not unserved


def _leaves(own: GroupPicture, unserved: GroupPicture | None) -> bool:
    """Whether the installed version is left for a group that nobody serves: it is more urgent, or overdue by now."""
    if unserved is None:
        return False
    if unserved.rank.lane != own.rank.lane:
        return unserved.rank.lane < own.rank.lane
    return unserved.rank.due_at + unserved.install < own.rank.due_at
