"""The life of a job as a table: state × event → state. What is not in the table cannot happen."""

from collections.abc import Mapping
from enum import StrEnum
from typing import assert_never

from qgjob.core.errors import IllegalTransition
from qgjob.core.words import JobStatus, Verdict


class JobEvent(StrEnum):
    """What can happen to a job."""

    LEASE = "lease"
    """A worker was given the job."""
    START = "start"
    """The runner has started on it."""
    GIVE_BACK = "give_back"
    """Its lease ended before it began: it waits again, free of charge."""
    TRY_AGAIN = "try_again"
    """Its attempt failed and another one is due (see `core.retry`)."""
    COMPLETE = "complete"
    FAIL = "fail"
    CANCEL = "cancel"


MOVES: Mapping[JobStatus, Mapping[JobEvent, JobStatus]] = {
    JobStatus.PENDING: {
        JobEvent.LEASE: JobStatus.QUEUED,
        JobEvent.CANCEL: JobStatus.CANCELLED,
    },
    JobStatus.QUEUED: {
        JobEvent.START: JobStatus.RUNNING,
        JobEvent.GIVE_BACK: JobStatus.PENDING,
        JobEvent.TRY_AGAIN: JobStatus.PENDING,
        JobEvent.COMPLETE: JobStatus.COMPLETED,
        JobEvent.FAIL: JobStatus.FAILED,
        JobEvent.CANCEL: JobStatus.CANCELLED,
    },
    JobStatus.RUNNING: {
        JobEvent.TRY_AGAIN: JobStatus.PENDING,
        JobEvent.COMPLETE: JobStatus.COMPLETED,
        JobEvent.FAIL: JobStatus.FAILED,
        JobEvent.CANCEL: JobStatus.CANCELLED,
    },
    JobStatus.COMPLETED: {},
    JobStatus.FAILED: {},
    JobStatus.CANCELLED: {},
}


def move(status: JobStatus, event: JobEvent) -> JobStatus:
    """Say which status follows. Raises IllegalTransition where the table has no move."""
    following = MOVES[status].get(event)
    if following is None:
        legal = ", ".join(MOVES[status]) or "nothing any more"
        raise IllegalTransition(f"A job that is {status} cannot {event.replace('_', ' ')}; it can: {legal}.")
    return following


def event_of(verdict: Verdict) -> JobEvent:
    """Say what a job's verdict does to its status."""
    match verdict:
        case Verdict.PASSED | Verdict.FLAKY:
            return JobEvent.COMPLETE
        case Verdict.CANCELLED:
            return JobEvent.CANCEL
        case (
            Verdict.FAILED
            | Verdict.TIMED_OUT
            | Verdict.APP_ERROR
            | Verdict.CONFIGURATION_ERROR
            | Verdict.INFRA_ERROR
            | Verdict.NO_TESTS
        ):
            return JobEvent.FAIL
        case _:
            assert_never(verdict)
