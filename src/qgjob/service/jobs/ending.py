"""End an attempt: its counts, the ledger, what it teaches about time, and what becomes of its job."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from qgjob.core import retry
from qgjob.core.attempt import Attempt, count_cases
from qgjob.core.facts import FactKind
from qgjob.core.job import MOST_RETRIES, Job
from qgjob.core.retry import Again, AttemptOutcome, Final, Spent
from qgjob.core.words import Fault, Proof, Verdict
from qgjob.service.books import learning, ledger, telling
from qgjob.service.jobs import moves
from qgjob.service.jobs.in_hand import JobInHand, OpenAttempt
from qgjob.store import Transaction


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How an attempt ended. `project_retries`: what the project says of retries, None where nobody read it.

    `own_result`: what a protocol-1 worker wants kept with a job that ends by this.
    """

    at: datetime
    outcome: AttemptOutcome
    message: str | None
    seconds: float = 0
    sessions: int = 0
    project_retries: int | None = None
    own_result: object = None


def lost(at: datetime, *, message: str) -> Ended:
    """Say of an attempt that it was lost to infrastructure."""
    return Ended(
        at=at, outcome=AttemptOutcome(verdict=Verdict.INFRA_ERROR, fault=Fault.INFRASTRUCTURE), message=message
    )


def end_attempt(tx: Transaction, open_attempt: OpenAttempt, ended: Ended, *, proof: Proof) -> None:
    """End an attempt that is still open, and move its job on. `proof`: what its lease could show of the app."""
    hand, attempt = open_attempt.hand, open_attempt.attempt
    _write_down(tx, hand, attempt, ended)
    hand.begun += attempt.started_at is None
    org_id, took = hand.job.request.org_id, timedelta(seconds=ended.seconds)
    ledger.add(tx, org_id, sessions=ended.sessions, test_time=took)
    if ended.seconds > 0 and ended.outcome.fault in {None, Fault.TEST}:
        learning.from_attempt(tx, hand.job.request, known=hand.known_time, took=took, verdict=ended.outcome.verdict)
    decision = retry.decide(
        ended.outcome, _spent(tx, hand.job, ended.project_retries), cancel_requested=hand.job.cancel_requested
    )
    match decision:
        case Final():
            moves.finish(tx, hand, decision, message=ended.message, proof=proof, own_result=ended.own_result)
        case Again():
            moves.try_again(tx, hand, attempt, decision, message=ended.message)
        case _:
            assert_never(decision)


def _write_down(tx: Transaction, hand: JobInHand, attempt: Attempt, ended: Ended) -> None:
    job = hand.job
    over = replace(
        attempt,
        ended_at=ended.at,
        verdict=ended.outcome.verdict,
        fault=ended.outcome.fault,
        message=ended.message,
        seconds=ended.seconds,
        sessions=ended.sessions,
        counts=count_cases(hand.executions_of(attempt)),
    )
    moves.write_attempt(tx, over)
    telling.of_job(
        tx,
        job,
        FactKind.ATTEMPT_ENDED,
        attempt=attempt.number,
        verdict=ended.outcome.verdict,
        fault=ended.outcome.fault,
        message=ended.message,
        seconds=ended.seconds,
    )


def _spent(tx: Transaction, job: Job, project_retries: int | None) -> Spent:
    """Sum up the budgets; where the job said nothing of retries its project's own word counts from now on."""
    max_retries = job.max_retries
    if job.request.max_retries is None and project_retries is not None:
        max_retries = min(project_retries, MOST_RETRIES)
        tx.later("set_max_retries", job_id=job.job_id, max_retries=max_retries)
    return Spent(test_retries=job.retry_count, infrastructure=job.infra_count, max_retries=max_retries)
