"""Groups in virtual time: what of them waits, who serves them, and in which order a free worker looks at them."""

from bisect import bisect_left, insort
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from qgjob.core.ahead import GroupAhead, Stretch
from qgjob.core.packing import MOST_JOBS, MOST_WORK
from qgjob.core.policy import GroupPicture, Rank
from qgjob.core.words import GroupId, JobId

_NONE = timedelta(0)


class _Part:
    """What is left of a stretch."""

    def __init__(self, stretch: Stretch) -> None:
        self.jobs, self.work, self.rank, self.job_id = stretch.jobs, stretch.work, stretch.rank, stretch.job_id
        self.each = stretch.work / stretch.jobs
        self.wakes_in, self.planned = stretch.wakes_in, stretch.planned

    def take(self, jobs: int) -> timedelta:
        """Take jobs of it; the work that they are."""
        work = self.work if jobs == self.jobs else self.each * jobs
        self.jobs -= jobs
        self.work -= work
        return work

    def fits(self, work: timedelta, jobs: int) -> int:
        """How many of it go into a lease that has so much already; the first job of a lease always does."""
        if work >= MOST_WORK or jobs == MOST_JOBS:
            return 0
        fit = (MOST_WORK - work) // self.each if self.each else MOST_JOBS
        return min(max(fit, 0 if jobs else 1), MOST_JOBS - jobs, self.jobs)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a lease takes: so much work; of the jobs that are asked for, when they start and end.

    `planned`: so many of its jobs are only planned, and the last of them ends at `planned_until`. All from the end of
    the installation.
    """

    work: timedelta
    asked_for: Mapping[JobId, tuple[timedelta, timedelta]]
    planned: int = 0
    planned_until: timedelta = _NONE


class MovingGroup:
    """A group as it comes to be."""

    def __init__(self, ahead: GroupAhead) -> None:
        self.group_id, self.version, self.needs = ahead.group_id, ahead.version, ahead.needs
        self.install, self.servers = ahead.install, ahead.servers
        self.waiting = self.urgent_waiting = 0
        self.work = self.urgent_work = _NONE
        self._ends = ahead.ends_in
        self._parts = [_Part(stretch) for stretch in ahead.stretches if stretch.jobs]
        for part in self._parts:
            if not part.wakes_in:
                self._count(part.rank, part.jobs, part.work)

    @property
    def rests_until(self) -> list[timedelta]:
        """When jobs of it wake."""
        return [part.wakes_in for part in self._parts if part.wakes_in]

    @property
    def rank(self) -> Rank:
        """Of the best job that waits; there must be one."""
        return next(part.rank for part in self._parts if not part.wakes_in)

    @property
    def done_in(self) -> timedelta:
        """When all of it should be done with the workers that it has; it must have some."""
        return (self._ends + self.work) / self.servers

    def picture(self, now: timedelta, *, installed: bool) -> GroupPicture:
        """Show it to a free worker."""
        return GroupPicture(
            group_id=self.group_id,
            rank=self.rank,
            waiting=self.waiting,
            work=self.work,
            urgent_waiting=self.urgent_waiting,
            urgent_work=self.urgent_work,
            servers=self.servers,
            busy_for=max(_NONE, self._ends - self.servers * now),
            install=_NONE if installed else self.install,
        )

    def wake(self, now: timedelta) -> None:
        """Let the jobs wait that have rested enough."""
        for part in self._parts:
            if _NONE < part.wakes_in <= now:
                part.wakes_in = _NONE
                self._count(part.rank, part.jobs, part.work)

    def serve(self, ends_in: timedelta, *, servers: int = 1) -> None:
        """Count a lease that begins, or one that ends (`servers` -1)."""
        self.servers += servers
        self._ends += servers * ends_in

    def take(self) -> Taken:
        """Take what one lease takes, as packing would of jobs that are all as long as the mean of their stretch."""
        work, jobs, asked_for = _NONE, 0, dict[JobId, tuple[timedelta, timedelta]]()
        planned, planned_until = 0, _NONE
        for part in self._parts:
            fit = 0 if part.wakes_in else part.fits(work, jobs)
            if fit:
                taken = part.take(fit)
                if part.job_id is not None:
                    asked_for[part.job_id] = work, work + taken
                work, jobs = work + taken, jobs + fit
                if part.planned:
                    planned, planned_until = planned + fit, work
                self._count(part.rank, -fit, -taken)
        self._parts = [part for part in self._parts if part.jobs]
        return Taken(work=work, asked_for=asked_for, planned=planned, planned_until=planned_until)

    def _count(self, rank: Rank, jobs: int, work: timedelta) -> None:
        self.waiting += jobs
        self.work += work
        if rank.lane == 0:
            self.urgent_waiting += jobs
            self.urgent_work += work


class Lines:
    """The groups of a requirement that wait, in the orders in which free workers look at them."""

    def __init__(self) -> None:
        self.unserved: list[tuple[Rank, GroupId]] = []
        self.served: list[tuple[Rank, GroupId]] = []
        self.last: list[tuple[timedelta, GroupId]] = []
        """Of the served ones, those first that would be done last."""
        self._ranks: dict[GroupId, Rank] = {}
        self._ends: dict[GroupId, timedelta] = {}

    def put(self, group: MovingGroup) -> None:
        """Give a group the places that it has by now."""
        self._drop(group.group_id)
        if not group.waiting:
            return
        rank = self._ranks[group.group_id] = group.rank
        insort(self.served if group.servers else self.unserved, (rank, group.group_id))
        if group.servers:
            end = self._ends[group.group_id] = -group.done_in
            insort(self.last, (end, group.group_id))

    def _drop(self, group_id: GroupId) -> None:
        rank, end = self._ranks.pop(group_id, None), self._ends.pop(group_id, None)
        if rank is not None:
            line = self.unserved if end is None else self.served
            del line[bisect_left(line, (rank, group_id))]
        if end is not None:
            del self.last[bisect_left(self.last, (end, group_id))]
