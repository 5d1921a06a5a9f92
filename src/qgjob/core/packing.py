"""Which waiting jobs of a group share one lease: what one runner process can do, up to some seconds of work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from qgjob.core.words import JobId, ResetMode, Sha256

MOST_WORK = timedelta(seconds=30)
"""Estimated work of a lease: one runner process starts once for all of it, and no more than this is lost with it."""
MOST_JOBS = 50


@dataclass(frozen=True, kw_only=True)
class WaitingJob:
    """A job that could be leased, as far as packing must know it."""

    job_id: JobId
    test_path: str
    bundle: Sha256 | None
    project: str | None
    reset: ResetMode
    estimate: timedelta


def pack(waiting: Iterable[WaitingJob]) -> tuple[WaitingJob, ...]:
    """Take the first job, and behind it those that fit: same bundle, project and reset mode, each spec once.

    `waiting` is in the order in which jobs should run. A first job that fills the lease goes alone, and so does one
    that nobody knows yet, since its estimate fills it.
    """
    taken: list[WaitingJob] = []
    work = timedelta(0)
    for job in waiting:
        if taken and not (_same_process(taken[0], job) and work + job.estimate <= MOST_WORK):
            continue
        if any(job.test_path == other.test_path for other in taken):
            continue
        taken.append(job)
        work += job.estimate
        if work >= MOST_WORK or len(taken) == MOST_JOBS:
            break
    return tuple(taken)


def is_full(taken: Sequence[WaitingJob]) -> bool:
    """Whether `pack` would take no more, whatever else waits."""
    return len(taken) == MOST_JOBS or sum((job.estimate for job in taken), timedelta(0)) >= MOST_WORK


def _same_process(first: WaitingJob, job: WaitingJob) -> bool:
    return (first.bundle, first.project, first.reset) == (job.bundle, job.project, job.reset)
