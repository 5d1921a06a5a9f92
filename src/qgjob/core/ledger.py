"""What devices did for somebody, beside what stock Appwright and the whole-group rule would have cost for the same.

Both are counted from what happened, and an installation costs them what such installations were measured to take.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NewType

from qgjob.core.errors import FieldProblem, InvalidRequest
from qgjob.core.words import AppVersionId

MOST_DAYS = 366
USUAL_DAYS = 30
NO_TIME = timedelta(0)

ClassKey = NewType("ClassKey", str)
"""`WorkerClass.key`; empty: of a lease from before classes were kept."""
Measured = Mapping[tuple[AppVersionId, ClassKey], timedelta]
"""The mean time of the installations that were done, where there were any."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """What devices of one class did with one app version.

    `installs_stock`: case executions that opened a session, each an install in stock Appwright. `installs_group`: the
    first of each period of a group, see `Entry`. `done`, `failed`: the time of the installations that came to something
    and of those that did not. `idle` None: what is asked about has no idle time.
    """

    app_version_id: AppVersionId
    worker_class: ClassKey
    installs: int
    installs_group: int
    installs_stock: int
    sessions: int
    done: timedelta
    failed: timedelta
    test: timedelta
    idle: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The ledger of one day, run or org.

    `stock`: what `installs_stock` installations would have taken, each the mean of those of the same app version on the
    same worker class that were measured in the days that were asked for; None: of `unmeasured` of them none was.
    `installs_group`: what the rule "one worker takes a whole group" would have installed: once from when a group has
    something to do until nothing of it waits, rests or is leased, where anything was installed for it at all. `group`:
    what that would have taken, None as above.
    """

    installs: int
    installs_stock: int
    installs_group: int
    sessions: int
    install: timedelta
    test: timedelta
    idle: timedelta | None
    stock: timedelta | None
    group: timedelta | None
    unmeasured: int

    @property
    def installs_avoided(self) -> int:
        """Installations that stock Appwright would have done and we did not; below 0 where we did more."""
        return self.installs_stock - self.installs


@dataclass(frozen=True, kw_only=True)
class Days:
    """Days by UTC, both ends included."""

    since: date
    until: date


def days_of(since: date | None, until: date | None, *, today: date) -> Days:
    """Say which days are asked for: the last USUAL_DAYS where nothing is said.

    Raises InvalidRequest when they end before they begin, or are more than MOST_DAYS.
    """
    last, first = until or today, since
    if until is None and since is not None:
        farthest = since.toordinal() + MOST_DAYS - 1
        last = date.fromordinal(max(since.toordinal(), min(today.toordinal(), farthest)))
    if first is None:
        first = date.fromordinal(max(1, last.toordinal() - USUAL_DAYS + 1))
    if first > last:
        raise _refusal("from", f"{first} is behind the last day, {last}")
    if (last - first).days >= MOST_DAYS:
        raise _refusal("from", f"from {first} to {last} is more than {MOST_DAYS} days: ask for parts")
    return Days(since=first, until=last)


def measured(lines: Iterable[Line]) -> Measured:
    """Say what an installation took on average, by app version and worker class."""
    return {(line.app_version_id, line.worker_class): line.done / line.installs for line in lines if line.installs > 0}


def entry(lines: Iterable[Line], means: Measured) -> Entry:
    """Add up what was done, and what it would have been otherwise."""
    lines = tuple(lines)
    idle = [line.idle for line in lines if line.idle is not None]
    unmeasured = sum(line.installs_stock for line in lines if (line.app_version_id, line.worker_class) not in means)
    unknown_groups = any(
        line.installs_group and (line.app_version_id, line.worker_class) not in means for line in lines
    )
    return Entry(
        installs=sum(line.installs for line in lines),
        installs_stock=sum(line.installs_stock for line in lines),
        installs_group=sum(line.installs_group for line in lines),
        sessions=sum(line.sessions for line in lines),
        install=sum((line.done + line.failed for line in lines), NO_TIME),
        test=sum((line.test for line in lines), NO_TIME),
        idle=sum(idle, NO_TIME) if len(idle) == len(lines) else None,
        stock=None if unmeasured else sum((_cost(line, line.installs_stock, means) for line in lines), NO_TIME),
        group=None if unknown_groups else sum((_cost(line, line.installs_group, means) for line in lines), NO_TIME),
        unmeasured=unmeasured,
    )


def _cost(line: Line, installs: int, means: Measured) -> timedelta:
    return installs * means.get((line.app_version_id, line.worker_class), NO_TIME)


def _refusal(field: str, message: str) -> InvalidRequest:
    return InvalidRequest(f"{field}: {message}.", [FieldProblem(field=field, message=message)])
