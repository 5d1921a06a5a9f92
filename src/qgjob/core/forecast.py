"""When waiting jobs have their turn: the farm's own rule, run forward from how things stand, on sums.

A job takes the mean of its stretch of the list, a lease what packing would give it; nothing fails and nothing new
comes. It goes as far as a bounded number of choices. Beyond that it says only what has not happened by then.
"""

from bisect import insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from heapq import heapify, heappop, heappush
from itertools import count, islice
from operator import attrgetter

from qgjob.core.ahead import FarmAhead, LeaseAhead, WorkerAhead
from qgjob.core.moving import Lines, MovingGroup, Taken
from qgjob.core.policy import Choice, GroupPicture, Picture, Rule
from qgjob.core.words import GroupId, JobId

_NOW = timedelta(0)

MOST_CHOICES = 400
"""Each takes about a tenth of a millisecond."""
MOST_OF_A_KIND = 8
"""Served groups that a choice looks at, as in the picture that a claim draws."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """When a job is leased, starts and is done, from now."""

    leased_in: timedelta
    starts_in: timedelta
    done_in: timedelta


@dataclass(frozen=True, kw_only=True)
class PlannedTurn:
    """What the jobs that are planned get, as far as a forecast goes: so many workers, so many installations.

    `left`: so many of them were not leased by then. `done_in`: when the last of the others is done.
    """

    left: int = 0
    workers: int = 0
    installs: int = 0
    done_in: timedelta = _NOW


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The turns of the jobs asked for. `upto`: none of the others is leased before; None: nobody ever takes them."""

    turns: Mapping[JobId, Turn]
    upto: timedelta | None
    planned: PlannedTurn = field(default_factory=PlannedTurn)


def forecast(farm: FarmAhead, rule: Rule, *, most_choices: int = MOST_CHOICES) -> Forecast:
    """Run the rule forward until all jobs that are asked for or planned have their turn."""
    run = _Run(farm, rule, most_choices)
    asked_for = {part.job_id for group in farm.groups for part in group.stretches if part.job_id is not None}
    try:
        run.let_choose()
        while run.turns.keys() != asked_for or run.planned.left:
            if not run.events:
                return Forecast(turns=run.turns, upto=None, planned=run.planned)
            run.move_on()
            run.let_choose()
    except _BeyondSight:
        pass
    return Forecast(turns=run.turns, upto=run.now, planned=run.planned)


class _BeyondSight(Exception):
    """What comes next depends on what is not in the picture, or on more choices than are paid for."""


class _Worker:
    def __init__(self, ahead: WorkerAhead, place: int) -> None:
        self.place, self.needs, self.lease = place, ahead.needs, ahead.lease
        self.version, self.reinstall = ahead.version, ahead.reinstall
        self.installed_in = -ahead.held_for


_PLACE = attrgetter("place")


class _Run:
    def __init__(self, farm: FarmAhead, rule: Rule, most_choices: int) -> None:
        self.now, self.turns = _NOW, dict[JobId, Turn]()
        self.planned = PlannedTurn(
            left=sum(part.jobs for group in farm.groups for part in group.stretches if part.planned)
        )
        self._planned_workers = set[int]()
        self.events: list[tuple[timedelta, int, _Worker | MovingGroup]] = []
        self._order = count()
        self._rule, self._cut, self._choices_left = rule, farm.cut, most_choices
        self._groups = {each.group_id: MovingGroup(each) for each in farm.groups}
        self._lines = {needs: Lines() for needs in {each.needs for each in farm.groups} | farm.cut.keys()}
        self._of_version: dict[str | None, list[MovingGroup]] = {}
        for group in self._groups.values():
            self._lines[group.needs].put(group)
            self._of_version.setdefault(group.version, []).append(group)
            for wakes_in in group.rests_until:
                self._expect(wakes_in, group)
        self._fresh: list[_Worker] = []
        """Those that have not been asked since they are free."""
        self._idle: dict[frozenset[str], list[_Worker]] = {}
        """Those that found nothing, by what they meet: since nothing waits for what they hold, they are alike."""
        for place, each in enumerate(sorted(farm.workers, key=self._is_cold)):
            worker = _Worker(each, place)
            if each.lease is None and not each.free_in:
                self._fresh.append(worker)
            else:
                self._expect(each.free_in, worker)

    def _is_cold(self, worker: WorkerAhead) -> bool:
        """Whether nothing waits for what it holds: what has just come is left to who is warm."""
        return not any(group.waiting for group in self._of_version.get(worker.version, ()))

    def move_on(self) -> None:
        """Go to the next moment at which something happens, and let all of it happen."""
        self.now = self.events[0][0]
        while self.events and self.events[0][0] <= self.now:
            _, _, what = heappop(self.events)
            if isinstance(what, _Worker):
                self._free(what)
            else:
                what.wake(self.now)
                self._lines[what.needs].put(what)
                self._rouse(what.version)

    def let_choose(self) -> None:
        """Let all free workers choose, one after the other. Raises _BeyondSight."""
        asking = [(worker.place, worker) for worker in self._fresh]
        asking += [(pool[0].place, pool[0]) for pool in self._idle.values() if pool]
        self._fresh = []
        heapify(asking)
        satisfied: set[frozenset[str]] = set()
        while asking:
            _, worker = heappop(asking)
            pool = self._idle.setdefault(worker.needs, [])
            was_idle = bool(pool) and pool[0] is worker
            choice = self._choice(worker, satisfied)
            if choice is None and not was_idle:
                insort(pool, worker, key=_PLACE)
            if choice is not None and was_idle:
                del pool[0]
                if pool:
                    heappush(asking, (pool[0].place, pool[0]))
            if choice is not None:
                self._lease(worker, choice)

    def _choice(self, worker: _Worker, satisfied: set[frozenset[str]]) -> Choice | None:
        own = self._own(worker)
        if own is None and worker.needs in satisfied:
            return None
        if not self._choices_left:
            raise _BeyondSight
        self._choices_left -= 1
        choice = self._rule.choose(self._picture(worker, own))
        if choice is None:
            satisfied.add(worker.needs)
        return choice

    def _own(self, worker: _Worker) -> MovingGroup | None:
        mine = self._of_version.get(worker.version, ())
        waiting = (group for group in mine if group.waiting and group.needs in worker.needs)
        return min(waiting, key=lambda group: (group.rank, group.group_id), default=None)

    def _picture(self, worker: _Worker, own: MovingGroup | None) -> Picture:
        if own is None:
            return Picture(others=tuple(self._others(worker)))
        drawn = own.picture(self.now, installed=True)
        others = () if drawn.rank.lane == 0 else tuple(self._others(worker))
        held_for = self.now - worker.installed_in
        return Picture(own=drawn, others=others, held_for=held_for, reinstall=worker.reinstall)

    def _others(self, worker: _Worker) -> Iterator[GroupPicture]:
        """Draw the groups of other versions that matter, as the picture of a claim has them."""
        lines = [self._lines[needs] for needs in sorted(worker.needs) if needs in self._lines]
        unserved = [group for each in lines for group in self._foreign(each.unserved, worker, 1)]
        for needs in worker.needs & self._cut.keys():
            first = next((group for group in unserved if group.needs == needs), None)
            if first is None or first.rank > self._cut[needs]:
                raise _BeyondSight
        served = [group for each in lines for group in self._foreign(each.served, worker, MOST_OF_A_KIND)]
        if unserved:
            found = unserved + [group for group in served if group.rank.lane == 0]
        else:
            found = served + [group for each in lines for group in self._foreign(each.last, worker, MOST_OF_A_KIND)]
        return (group.picture(self.now, installed=False) for group in {each.group_id: each for each in found}.values())

    def _foreign(self, line: Sequence[tuple[object, GroupId]], worker: _Worker, most: int) -> Iterator[MovingGroup]:
        groups = (self._groups[group_id] for _, group_id in line)
        return islice((group for group in groups if group.version != worker.version), most)

    def _lease(self, worker: _Worker, choice: Choice) -> None:
        group = self._groups[choice.group_id]
        begins_in = self.now + choice.install
        taken = group.take()
        ends_in = begins_in + taken.work
        for job_id, (starts_in, done_in) in taken.asked_for.items():
            self.turns[job_id] = Turn(leased_in=self.now, starts_in=begins_in + starts_in, done_in=begins_in + done_in)
        if taken.planned:
            self._count(
                worker, taken, installs=group.version != worker.version, done_in=begins_in + taken.planned_until
            )
        if group.version != worker.version:
            worker.version, worker.installed_in, worker.reinstall = group.version, begins_in, choice.install
        worker.lease = LeaseAhead(group_id=group.group_id, ends_in=ends_in)
        group.serve(ends_in)
        self._lines[group.needs].put(group)
        self._expect(ends_in, worker)

    def _count(self, worker: _Worker, taken: Taken, *, installs: bool, done_in: timedelta) -> None:
        """Count a lease that has something of what is planned."""
        self._planned_workers.add(worker.place)
        self.planned = PlannedTurn(
            left=self.planned.left - taken.planned,
            workers=len(self._planned_workers),
            installs=self.planned.installs + installs,
            done_in=max(self.planned.done_in, done_in),
        )

    def _free(self, worker: _Worker) -> None:
        lease, worker.lease = worker.lease, None
        group = None if lease is None else self._groups.get(lease.group_id)
        if lease is not None and group is not None:
            group.serve(lease.ends_in, servers=-1)
            self._lines[group.needs].put(group)
        self._fresh.append(worker)

    def _rouse(self, version: str) -> None:
        """Let idle workers be asked by themselves again for whose version something waits now."""
        for needs, pool in self._idle.items():
            self._fresh += [worker for worker in pool if worker.version == version]
            self._idle[needs] = [worker for worker in pool if worker.version != version]

    def _expect(self, when: timedelta, what: "_Worker | MovingGroup") -> None:
        heappush(self.events, (when, next(self._order), what))
