"""Why a worker does what it does, or nothing: as data, and as the sentence that is made of that very data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from qgjob.core.lengths import about
from qgjob.core.policy import GroupPicture, Picture, WarmSplit, last_start
from qgjob.core.reasons import sentence as why_chosen
from qgjob.core.words import AppVersionId, WorkerStatus


@dataclass(frozen=True, kw_only=True)
class Working:
    """It has a lease on `jobs` jobs of an app version, for a `reason` that is kept with the lease."""

    app_version_id: AppVersionId
    jobs: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class KeptFromWork:
    """It gets none, being what its `status` says; `until_at`: until then, where that is known."""

    status: WorkerStatus
    reason: str | None
    until_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class AboutToWork:
    """Something waits for it, which it gets as soon as it asks; `reason`: why it would."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class NothingWaits:
    """Nothing waits that it could do."""


@dataclass(frozen=True, kw_only=True)
class NotWorthIt:
    """What waits of `groups` groups has workers that get to it sooner than another installation is worth.

    Of the one that comes nearest: its last job starts in `last_start`; beyond `worth` this worker would install, which
    takes `install`.
    """

    groups: int
    last_start: timedelta
    worth: timedelta
    install: timedelta


Occupation = Working | KeptFromWork | AboutToWork | NothingWaits | NotWorthIt


def of_free(picture: Picture, rule: WarmSplit) -> AboutToWork | NothingWaits | NotWorthIt:
    """Say why a free worker that sees this has nothing to do, if so."""
    choice = rule.choose(picture)
    if choice is not None:
        return AboutToWork(reason=why_chosen(choice))
    if not picture.others:
        return NothingWaits()
    nearest = max(picture.others, key=lambda group: _last_start(group) - group.install * rule.theta)
    return NotWorthIt(
        groups=len(picture.others),
        last_start=_last_start(nearest),
        worth=nearest.install * rule.theta,
        install=nearest.install,
    )


def sentence(occupation: Occupation, now: datetime) -> str:
    """Say it for people."""
    match occupation:
        case Working():
            jobs = "1 job" if occupation.jobs == 1 else f"{occupation.jobs} jobs"
            return f"It was given {jobs} for {occupation.app_version_id}: {occupation.reason}."
        case KeptFromWork():
            until = "" if occupation.until_at is None else f" for about {about(occupation.until_at - now)}"
            because = "" if occupation.reason is None else f": {occupation.reason}"
            return f"It gets no work, because it is {occupation.status}{until}{because}."
        case AboutToWork():
            return f"It gets work as soon as it asks for it: {occupation.reason}."
        case NothingWaits():
            return "Nothing waits that it could do."
        case NotWorthIt():
            last_start, worth = about(occupation.last_start), about(occupation.worth)
            return (
                "What waits has workers that get to it soon enough: its last job starts in about "
                f"{last_start}, and another installation is worth it from {worth} on."
            )
        case _:
            assert_never(occupation)


def as_data(occupation: Occupation) -> Mapping[str, str | int | float | None]:
    """Say the same for programs: `kind`, and what belongs to it; lengths of time in seconds."""
    match occupation:
        case Working():
            return {"kind": "working", "app_version_id": occupation.app_version_id, "jobs": occupation.jobs}
        case KeptFromWork():
            until_at = None if occupation.until_at is None else occupation.until_at.isoformat()
            return {"kind": occupation.status.value, "until_at": until_at}
        case AboutToWork():
            return {"kind": "next"}
        case NothingWaits():
            return {"kind": "nothing_waits"}
        case NotWorthIt():
            return {
                "kind": "not_worth_it",
                "groups": occupation.groups,
                "last_start_s": occupation.last_start.total_seconds(),
                "worth_s": occupation.worth.total_seconds(),
                "install_s": occupation.install.total_seconds(),
            }
        case _:
            assert_never(occupation)


def _last_start(group: GroupPicture) -> timedelta:
    return last_start(waiting=group.waiting, work=group.work, servers=group.servers, busy_for=group.busy_for)
