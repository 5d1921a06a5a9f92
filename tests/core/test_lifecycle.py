"""The lifecycle, move by move: every state with every event."""

import pytest

from qgjob.core.errors import IllegalTransition
from qgjob.core.lifecycle import MOVES, JobEvent, event_of, move
from qgjob.core.words import FINAL_STATUSES, JobStatus, Verdict

PENDING, QUEUED, RUNNING = JobStatus.PENDING, JobStatus.QUEUED, JobStatus.RUNNING
COMPLETED, FAILED, CANCELLED = JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED
LEGAL = {
    (PENDING, JobEvent.LEASE): QUEUED,
    (PENDING, JobEvent.CANCEL): CANCELLED,
    (QUEUED, JobEvent.START): RUNNING,
    (QUEUED, JobEvent.GIVE_BACK): PENDING,
    (QUEUED, JobEvent.TRY_AGAIN): PENDING,
    (QUEUED, JobEvent.COMPLETE): COMPLETED,
    (QUEUED, JobEvent.FAIL): FAILED,
    (QUEUED, JobEvent.CANCEL): CANCELLED,
    (RUNNING, JobEvent.TRY_AGAIN): PENDING,
    (RUNNING, JobEvent.COMPLETE): COMPLETED,
    (RUNNING, JobEvent.FAIL): FAILED,
    (RUNNING, JobEvent.CANCEL): CANCELLED,
}


@pytest.mark.parametrize("status", JobStatus)
@pytest.mark.parametrize("event", JobEvent)
def test_each_state_moves_on_each_event_as_the_table_says(status: JobStatus, event: JobEvent) -> None:
    if (status, event) in LEGAL:
        assert move(status, event) is LEGAL[status, event]
    else:
        with pytest.raises(IllegalTransition):
            move(status, event)


def test_the_table_names_every_state() -> None:
    assert set(MOVES) == set(JobStatus)


@pytest.mark.parametrize("status", sorted(FINAL_STATUSES))
def test_a_final_state_is_left_by_nothing(status: JobStatus) -> None:
    assert MOVES[status] == {}


def test_a_refusal_says_what_would_be_legal() -> None:
    with pytest.raises(IllegalTransition, match=r"A job that is running cannot give back; it can: try_again, complete"):
        move(RUNNING, JobEvent.GIVE_BACK)


@pytest.mark.parametrize(
    ("verdict", "event"),
    [
        (Verdict.PASSED, JobEvent.COMPLETE),
        (Verdict.FLAKY, JobEvent.COMPLETE),
        (Verdict.FAILED, JobEvent.FAIL),
        (Verdict.TIMED_OUT, JobEvent.FAIL),
        (Verdict.APP_ERROR, JobEvent.FAIL),
        (Verdict.CONFIGURATION_ERROR, JobEvent.FAIL),
        (Verdict.INFRA_ERROR, JobEvent.FAIL),
        (Verdict.NO_TESTS, JobEvent.FAIL),
        (Verdict.CANCELLED, JobEvent.CANCEL),
    ],
)
def test_each_verdict_ends_a_job_in_its_status(verdict: Verdict, event: JobEvent) -> None:
    assert event_of(verdict) is event
