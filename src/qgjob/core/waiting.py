"""Why a job waits: as data, and as the sentence that is made of that very data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from qgjob.core.forecast import Turn
from qgjob.core.lengths import about
from qgjob.core.policy import GroupPicture, Level, WarmSplit, last_start


@dataclass(frozen=True, kw_only=True)
class NobodyServes:
    """No worker can be counted on. `code`: which part of what the job asks fails, or what all those are that meet it.

    `until_at`: when the first of them is back from quarantine, where that is all that keeps them.
    """

    code: str
    sentence: str
    until_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Resting:
    """It waits out a pause before it is tried again."""

    until_at: datetime


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A worker is free that it should rather not have for a while, and so is another."""

    worker: str
    until_at: datetime


@dataclass(frozen=True, kw_only=True)
class Satisfied:
    """Workers are free, and the `servers` of its group get to it sooner than another is worth, which must install.

    `last_start`: when the last of the group's jobs starts with those that are there; `worth`: beyond which another
    one would come.
    """

    servers: int
    last_start: timedelta
    install: timedelta
    worth: timedelta
    starts_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class InLine:
    """All workers that could run it have other things to do, until about a time, where that can be told.

    `jobs`: of its own group that stand before it. `groups`: unserved ones that come before its own, which have
    `jobs_of_groups` waiting; 0 where its group is served, since its servers stay with it. `at_least`: there are more.
    """

    jobs: int
    groups: int
    jobs_of_groups: int
    at_least: bool
    until_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Next:
    """Nothing is in its way: a free worker takes it as soon as it asks for work."""


Waiting = NobodyServes | Resting | Kept | Satisfied | InLine | Next


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What the reason is found in. `group`: as a worker sees it that does not hold its version; None: nothing waits.

    `free`: workers that meet it and have nothing to do. `turn`: of the job, as the rule has it, where that is known.
    """

    now: datetime
    nobody: NobodyServes | None = None
    resting: Resting | None = None
    kept: Kept | None = None
    group: GroupPicture | None = None
    free: int = 0
    turn: Turn | None = None
    jobs_before: int = 0
    groups_before: int = 0
    jobs_of_groups_before: int = 0
    at_least: bool = False


def why(case: Circumstances, rule: WarmSplit) -> Waiting:
    """Find the reason; the first that holds."""
    if case.nobody is not None:
        return case.nobody
    if case.resting is not None:
        return case.resting
    if case.turn is not None and not case.turn.leased_in:
        return case.kept if case.kept is not None and case.free > 1 else Next()
    if case.free and case.group is not None and rule.level(case.group) is Level.SATISFIED:
        return _satisfied(case, case.group, rule)
    served = case.group is not None and case.group.servers > 0
    return InLine(
        jobs=case.jobs_before,
        groups=0 if served else case.groups_before,
        jobs_of_groups=0 if served else case.jobs_of_groups_before,
        at_least=case.at_least,
        until_at=None if case.turn is None else case.now + case.turn.leased_in,
    )


def _satisfied(case: Circumstances, group: GroupPicture, rule: WarmSplit) -> Satisfied:
    return Satisfied(
        servers=group.servers,
        last_start=last_start(waiting=group.waiting, work=group.work, servers=group.servers, busy_for=group.busy_for),
        install=group.install,
        worth=group.install * rule.theta,
        starts_at=None if case.turn is None else case.now + case.turn.starts_in,
    )


def sentence(waiting: Waiting, now: datetime) -> str:
    """Say why, for people; times are told from now."""
    match waiting:
        case NobodyServes():
            return waiting.sentence
        case Resting():
            return f"It rests {_until(waiting.until_at, now)} before it is tried again."
        case Kept():
            return (
                f"It is kept for another device than {waiting.worker} {_until(waiting.until_at, now)}, "
                "and one that is free is about to ask for work."
            )
        case Satisfied():
            return _say_satisfied(waiting, now)
        case InLine():
            return _say_in_line(waiting, now)
        case Next():
            return "A free worker is about to ask for work and will get it."
        case _:
            assert_never(waiting)


def as_data(waiting: Waiting) -> Mapping[str, str | int | float | bool | None]:
    """Say the same for programs: `kind`, and what belongs to it; lengths of time in seconds."""
    match waiting:
        case NobodyServes():
            return {"kind": "nobody", "reason": waiting.code, "until_at": _iso(waiting.until_at)}
        case Resting():
            return {"kind": "resting", "until_at": _iso(waiting.until_at)}
        case Kept():
            return {"kind": "kept", "worker": waiting.worker, "until_at": _iso(waiting.until_at)}
        case Satisfied():
            return {
                "kind": "satisfied",
                "servers": waiting.servers,
                "last_start_s": waiting.last_start.total_seconds(),
                "install_s": waiting.install.total_seconds(),
                "worth_s": waiting.worth.total_seconds(),
            }
        case InLine():
            return {
                "kind": "in_line",
                "jobs": waiting.jobs,
                "groups": waiting.groups,
                "jobs_of_groups": waiting.jobs_of_groups,
                "at_least": waiting.at_least,
                "until_at": _iso(waiting.until_at),
            }
        case Next():
            return {"kind": "next"}
        case _:
            assert_never(waiting)


def _say_satisfied(waiting: Satisfied, now: datetime) -> str:
    who = "The worker that serves" if waiting.servers == 1 else f"The {waiting.servers} workers that serve"
    verb = "gets" if waiting.servers == 1 else "get"
    when = "soon" if waiting.starts_at is None else f"in about {about(waiting.starts_at - now)}"
    install = about(waiting.install)
    return f"{who} its group {verb} to it {when}: another installation, of about {install}, is not worth it."


def _say_in_line(waiting: InLine, now: datetime) -> str:
    least = "at least " if waiting.at_least else ""
    ahead = []
    if waiting.jobs:
        ahead.append(f"{_many(waiting.jobs, 'job')} of its own group")
    if waiting.groups:
        ahead.append(f"{_many(waiting.groups, 'group')} with {_many(waiting.jobs_of_groups, 'job')}")
    until = "" if waiting.until_at is None else f", {_until(waiting.until_at, now)}"
    if not ahead:
        return f"Nothing is before it, but all workers that could run it are busy{until}."
    return f"It is behind {least}{' and '.join(ahead)}{until}."


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _until(at: datetime, now: datetime) -> str:
    return f"for about {about(at - now)}"


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
