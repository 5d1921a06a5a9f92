"""A farm of equal workers in virtual time, as small as it can be: what a rule alone makes of a load.

No store, no leases, no faults. It is here to ask of rules whether anybody starves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

from qgjob.core.policy import Asked, GroupPicture, Picture, Rank, Rule
from qgjob.core.words import GroupId, Priority

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
NO_TIME = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Push:
    """Jobs of one org for one version of its app, all of which take `each`."""

    at: timedelta
    org: str
    version: str
    jobs: int
    each: timedelta
    priority: Priority = Priority.NORMAL


@dataclass(kw_only=True)
class _Group:
    version: str
    waiting: list[tuple[Rank, timedelta, Push]] = field(default_factory=list)
    ends_at: list[datetime] = field(default_factory=list)


@dataclass(kw_only=True)
class _Worker:
    held: str | None = None
    installed_at: datetime = START
    free_at: datetime = START
    group: _Group | None = None


@dataclass(kw_only=True)
class ModelFarm:
    """Estimates are exact. `waits`: of each push, how long its last job waited for its start."""

    rule: Rule
    workers: int
    install: timedelta
    weights: dict[str, float] = field(default_factory=dict)
    waits: dict[Push, timedelta] = field(default_factory=dict)
    installs: int = 0

    def run(self, pushes: Sequence[Push]) -> None:
        """Let it all happen."""
        crew = [_Worker() for _ in range(self.workers)]
        groups: dict[str, _Group] = {}
        owed: dict[tuple[str, Priority], timedelta] = {}
        coming = sorted(pushes, key=lambda push: push.at)
        doing: list[tuple[datetime, int, Push]] = []
        now = START
        while coming or doing or any(group.waiting for group in groups.values()):
            while coming and START + coming[0].at <= now:
                self._submit(coming.pop(0), now, groups, owed)
            while doing and doing[0][0] <= now:
                _, place, push = heappop(doing)
                owed[push.org, push.priority] -= push.each
                worker = crew[place]
                if worker.group is not None:
                    worker.group.ends_at.remove(worker.free_at)
                    worker.group = None
            for place, worker in enumerate(crew):
                if worker.group is None and (begun := self._next_job(worker, groups, now)):
                    heappush(doing, (worker.free_at, place, begun))
            upcoming = [*(START + push.at for push in coming[:1]), *(at for at, _, _ in doing[:1])]
            if not upcoming:
                break
            now = min(upcoming)

    def _submit(
        self, push: Push, now: datetime, groups: dict[str, _Group], owed: dict[tuple[str, Priority], timedelta]
    ) -> None:
        line = (push.org, push.priority)
        owed[line] = owed.get(line, NO_TIME) + push.each * push.jobs
        orgs = {org for (org, _), work in owed.items() if work}
        asked = Asked(
            priority=push.priority,
            submitted_at=now,
            backlog={priority: work for (org, priority), work in owed.items() if org == push.org},
            workers=self.workers,
            share=self.weights.get(push.org, 1) / sum(self.weights.get(org, 1) for org in orgs),
        )
        standing = self.rule.standing(asked)
        rank = Rank(lane=standing.lane, due_at=standing.due_at, run=len(self.waits) + len(groups))
        group = groups.setdefault(push.version, _Group(version=push.version))
        group.waiting = sorted([*group.waiting, *[(rank, push.each, push)] * push.jobs], key=lambda job: job[:2])

    def _next_job(self, worker: _Worker, groups: dict[str, _Group], now: datetime) -> Push | None:
        drawn = {version: self._draw(group, worker, now) for version, group in groups.items() if group.waiting}
        picture = Picture(
            own=drawn.get(worker.held or ""),
            others=tuple(group for version, group in drawn.items() if version != worker.held),
            held_for=now - worker.installed_at,
            reinstall=self.install,
        )
        choice = self.rule.choose(picture)
        if choice is None:
            return None
        group = groups[choice.group_id]
        _, each, push = group.waiting.pop(0)
        starts_at = now + choice.install
        if choice.install:
            worker.held, worker.installed_at = group.version, starts_at
            self.installs += 1
        worker.group, worker.free_at = group, starts_at + each
        group.ends_at.append(worker.free_at)
        self.waits[push] = starts_at - (START + push.at)
        return push

    def _draw(self, group: _Group, worker: _Worker, now: datetime) -> GroupPicture:
        urgent = [each for rank, each, _ in group.waiting if rank.lane == 0]
        return GroupPicture(
            group_id=GroupId(group.version),
            rank=group.waiting[0][0],
            waiting=len(group.waiting),
            work=sum((each for _, each, _ in group.waiting), NO_TIME),
            urgent_waiting=len(urgent),
            urgent_work=sum(urgent, NO_TIME),
            servers=len(group.ends_at),
            busy_for=max(NO_TIME, sum((at - now for at in group.ends_at), NO_TIME)),
            install=NO_TIME if worker.held == group.version else self.install,
        )
