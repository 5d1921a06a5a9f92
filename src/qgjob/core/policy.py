"""WarmSplit: whether a free worker stays warm, helps a group along, or installs what nobody serves; and who is first.

A rule over sums that the verbs keep. It sees a bounded picture, never single jobs, and no clock: the same picture
always gives the same choice, for ten waiting jobs and for a million.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Protocol

from qgjob.core.words import GroupId, Priority

_NONE = timedelta(0)


@dataclass(frozen=True, kw_only=True, order=True)
class Rank:
    """Who comes first, smallest first: urgent ones (lane 0), then the earliest virtual deadline, then the older run."""

    lane: int
    due_at: datetime
    run: int


@dataclass(frozen=True, kw_only=True)
class GroupPicture:
    """A group as a free worker sees it; some of it waits.

    `rank`: of its best waiting job. `work`: sum of the estimates of all `waiting` jobs; `urgent_waiting` and
    `urgent_work`: of those in lane 0 alone. `servers`: leases in force on it, which have `busy_for` left to do, all
    together. `install`: what it would cost this worker, 0 when installed.
    """

    group_id: GroupId
    rank: Rank
    waiting: int
    work: timedelta
    urgent_waiting: int = 0
    urgent_work: timedelta = _NONE
    servers: int = 0
    busy_for: timedelta = _NONE
    install: timedelta


@dataclass(frozen=True, kw_only=True)
class Picture:
    """All that a free worker needs to know.

    `own`: the best-ranked waiting group of the version that it holds, None when none waits. `others`: groups of other
    versions, among them at least the best-ranked one that has no worker; of those that have some, the best-ranked
    urgent ones, and where all have some the best-ranked ones and those that would be done last.

    `held_for`: how long ago it installed what it holds; `reinstall`: what that would cost once more.
    """

    own: GroupPicture | None = None
    others: tuple[GroupPicture, ...] = ()
    held_for: timedelta = _NONE
    reinstall: timedelta = _NONE


class Because(StrEnum):
    """Why a worker serves a group."""

    INSTALLED = "installed"
    URGENT = "urgent"
    UNSERVED = "unserved"
    BEHIND = "behind"
    HELP = "help"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The group to serve, and why. `saves`: how much sooner its last job is expected to be done for it.

    For a group of the installed version that is the installation which another worker would need; None for one that
    nobody serves: it would not be done at all.
    """

    group_id: GroupId
    because: Because
    install: timedelta
    saves: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the place in line of some jobs depends on: those of one run, requirement and priority.

    `backlog`: the estimated work of their org on their requirement that is not done, by priority, theirs included.
    `workers`: those up that meet the requirement. `share`: the weight of the org over the weights of all orgs with
    such a backlog, 0 to 1. `start_by`: when the longest of them must start for the user's own deadline to be kept.
    """

    priority: Priority
    submitted_at: datetime
    backlog: Mapping[Priority, timedelta] = field(default_factory=dict)
    workers: int = 1
    share: float = 1
    start_by: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A place in line, given once and for all: so waiting itself makes a job more urgent."""

    lane: int
    due_at: datetime


class Rule(Protocol):
    """How a farm decides."""

    def choose(self, picture: Picture) -> Choice | None:
        """Choose for a free worker; None: it stays idle, and warm."""

    def standing(self, asked: Asked) -> Standing:
        """Give jobs their place in line."""


class Level(IntEnum):
    """How much a group gains from one more worker."""

    SATISFIED = 0
    WEAK = 1
    STRONG = 2


def last_start(*, waiting: int, work: timedelta, servers: int, busy_for: timedelta) -> timedelta:
    """How long from now the last of some waiting jobs would start with the workers that are there today.

    With no worker: never (`timedelta.max`). With fewer jobs than workers the last of them waits for one of the next
    workers to come free; else the work is spread evenly.
    """
    if servers == 0:
        return timedelta.max
    if waiting < servers:
        return busy_for * (2 * waiting / (servers * (servers + 1)))
    return (busy_for + work * (1 - 1 / waiting)) / servers


@dataclass(frozen=True, kw_only=True)
class WarmSplit:
    """The rule of this farm. Levels are in installations: of the group, on the worker that asks.

    `theta`: above it another worker is worth its installation (1: soonest done, 3: fewest installations). `strong`:
    above it as pressing as a group that nobody serves. `urgent`: what `theta` is, for urgent jobs alone.
    `settled`: a worker that has held its version for so many of its installations may leave it for who is overdue.
    `urgent_lane`: an org's urgent work goes before all else as long as its share of the workers does it within this.
    """

    theta: float = 1.5
    strong: float = 8
    urgent: float = 1.25
    settled: float = 12
    urgent_lane: timedelta = timedelta(seconds=600)
    high_slack: timedelta = timedelta(seconds=-1800)
    low_slack: timedelta = timedelta(seconds=3600)

    def choose(self, picture: Picture) -> Choice | None:
        """Choose for a free worker; None: it stays idle, and warm.

        A worker without work for its version never stays idle while a group in the picture has no worker.
        """
        own = picture.own
        if own is not None and own.rank.lane == 0:
            return _stay(own, picture)
        hungry = _first(group for group in picture.others if self.is_urgent_hungry(group))
        if hungry is not None:
            return _go(hungry, Because.URGENT)
        strong = self._strongest(picture.others)
        if own is not None:
            return _go(strong, Because.BEHIND) if strong and self._leaves(own, strong, picture) else _stay(own, picture)
        if strong is not None:
            return _go(strong, Because.HELP if strong.servers else Because.UNSERVED)
        weak = [group for group in picture.others if self.level(group) is Level.WEAK]
        return _go(_last_done(weak), Because.HELP) if weak else None

    def level(self, group: GroupPicture) -> Level:
        """Say how much a group would gain from the worker that asks."""
        last = _last_start(group)
        if last > group.install * self.strong:
            return Level.STRONG
        return Level.WEAK if last > group.install * self.theta else Level.SATISFIED

    def is_urgent_hungry(self, group: GroupPicture) -> bool:
        """Whether a group has urgent jobs that would start late for want of one more worker."""
        last = (
            last_start(
                waiting=group.urgent_waiting, work=group.urgent_work, servers=group.servers, busy_for=group.busy_for
            )
            if group.urgent_waiting
            else _NONE
        )
        return last > group.install * self.urgent

    def standing(self, asked: Asked) -> Standing:
        """Give jobs their place in line: the time by which their org's fair share of the workers would have done them.

        Urgent jobs beyond what their lane takes count as high ones.
        """
        priority, lane = asked.priority, 1
        if priority is Priority.URGENT:
            fits = _fair_time(asked, Priority.URGENT) <= self.urgent_lane
            priority, lane = (Priority.URGENT, 0) if fits else (Priority.HIGH, 1)
        due_at = asked.submitted_at + self._slack(priority) + _fair_time(asked, priority)
        return Standing(lane=lane, due_at=due_at if asked.start_by is None else min(due_at, asked.start_by))

    def _slack(self, priority: Priority) -> timedelta:
        return {Priority.HIGH: self.high_slack, Priority.LOW: self.low_slack}.get(priority, _NONE)

    def _strongest(self, groups: Iterable[GroupPicture]) -> GroupPicture | None:
        strong = [group for group in groups if self.level(group) is Level.STRONG]
        return _first(group for group in strong if group.servers == 0) or _first(strong)

    def _leaves(self, own: GroupPicture, strong: GroupPicture, picture: Picture) -> bool:
        """Whether work of the installed version is left: the other is due sooner, and the installation has paid off.

        Or the other has nobody, and this one keeps somebody.
        """
        if strong.rank.due_at + strong.install >= own.rank.due_at:
            return False
        paid_off = picture.held_for >= picture.reinstall * self.settled
        return paid_off or (strong.servers == 0 and own.servers > 0)


_AT_LEAST = {
    Priority.URGENT: (Priority.URGENT,),
    Priority.HIGH: (Priority.URGENT, Priority.HIGH),
    Priority.NORMAL: (Priority.URGENT, Priority.HIGH, Priority.NORMAL),
    Priority.LOW: tuple(Priority),
}


def _fair_time(asked: Asked, priority: Priority) -> timedelta:
    """How long the org's share of the workers takes for what it has of a priority and those above."""
    ahead = sum((asked.backlog.get(each, _NONE) for each in _AT_LEAST[priority]), _NONE)
    return ahead / (asked.share * max(1, asked.workers))


def _last_start(group: GroupPicture) -> timedelta:
    return last_start(waiting=group.waiting, work=group.work, servers=group.servers, busy_for=group.busy_for)


def _first(groups: Iterable[GroupPicture]) -> GroupPicture | None:
    return min(groups, key=lambda group: (group.rank, group.group_id), default=None)


def _last_done(groups: Iterable[GroupPicture]) -> GroupPicture:
    return min(groups, key=lambda group: (-_last_start(group), group.rank, group.group_id))


def _stay(own: GroupPicture, picture: Picture) -> Choice:
    return Choice(group_id=own.group_id, because=Because.INSTALLED, install=_NONE, saves=picture.reinstall)


def _go(group: GroupPicture, because: Because) -> Choice:
    return Choice(group_id=group.group_id, because=because, install=group.install, saves=_saves(group))


def _saves(group: GroupPicture) -> timedelta | None:
    """How much sooner a group is done with one worker more, which installs first. All of them end at about one time."""
    if group.servers == 0:
        return None
    left = group.busy_for + group.work
    alone, together = left / group.servers, (left + group.install) / (group.servers + 1)
    return max(_NONE, alone - together)


SHIPPED = WarmSplit()
"""The rule as it comes."""
