"""When something is done, as far as that can be told: an estimate, or only before when it is not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qgjob.core.forecast import Forecast
from qgjob.core.words import JobId


@dataclass(frozen=True, kw_only=True)
class Eta:
    """About when a job or a run is done. None: that cannot be told; `not_before_at` then says when it is not yet.

    `start_about_at`: of a job that has not started.
    """

    start_about_at: datetime | None = None
    done_about_at: datetime | None = None
    not_before_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class LeftToDo:
    """A job of a lease in force that has not ended."""

    job_id: JobId
    estimate: timedelta
    started_at: datetime | None


def etas_of_lease(left: Sequence[LeftToDo], *, busy_until_at: datetime, now: datetime) -> Mapping[JobId, Eta]:
    """Tell of each job that a lease has left, in its order. Behind what takes longer than it should none is known."""
    starts_at, known = busy_until_at - sum((job.estimate for job in left), timedelta(0)), True
    etas: dict[JobId, Eta] = {}
    for job in left:
        known = known and (job.started_at is not None or starts_at >= now)
        starts_at = job.started_at or max(now, starts_at)
        known = known and starts_at + job.estimate >= now
        done_at = max(now, starts_at + job.estimate)
        etas[job.job_id] = (
            Eta(start_about_at=None if job.started_at else starts_at, done_about_at=done_at)
            if known
            else Eta(not_before_at=done_at)
        )
        starts_at = done_at
    return etas


def eta_of_waiting(job_id: JobId, estimate: timedelta, told: Forecast, *, at_least: bool, now: datetime) -> Eta:
    """Tell of a job that waits. `at_least`: more stands before it than was counted."""
    turn = told.turns.get(job_id)
    if turn is None:
        return Eta(not_before_at=None if told.upto is None else now + told.upto + estimate)
    if at_least:
        return Eta(not_before_at=now + turn.done_in)
    return Eta(start_about_at=now + turn.starts_in, done_about_at=now + turn.done_in)


def together(etas: Iterable[Eta]) -> Eta:
    """Tell when all of them are done."""
    each = list(etas)
    latest = max((at for eta in each for at in (eta.done_about_at, eta.not_before_at) if at is not None), default=None)
    if any(eta.done_about_at is None for eta in each):
        return Eta(not_before_at=latest)
    return Eta(done_about_at=latest)
