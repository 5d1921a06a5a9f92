"""End an attempt: its counts, the ledger, what it teaches about time, and what becomes of its job."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from qgjob.core import retry
from qgjob.core.attempt import Attempt, count_cases
from qgjob.core.facts import FactKind
from qgjob.core.retry import Again, AttemptOutcome, Final
from qgjob.core.words import Fault, Loss, Proof, Verdict
from qgjob.service.books import learning, ledger, telling
from qgjob.service.jobs import moves
from qgjob.service.jobs.budgets import spent
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

    @property
    def is_of_the_worker(self) -> bool:
        """Whether it speaks against the worker: infrastructure lost it, and not with the whole host."""
        return self.outcome.fault is Fault.INFRASTRUCTURE and self.outcome.loss is not Loss.HOST


def lost(at: datetime, *, message: str) -> Ended:
    """Say of an attempt that had begun that its agent was lost, or has lost it."""
    outcome = AttemptOutcome(verdict=Verdict.INFRA_ERROR, fault=Fault.INFRASTRUCTURE, loss=Loss.AGENT)
    return Ended(at=at, outcome=outcome, message=message)


def end_attempt(tx: Transaction, open_attempt: OpenAttempt, ended: Ended, *, proof: Proof) -> None:
    """End an attempt that is still open, and move its job on. `proof`: what its lease could show of the app."""
    hand, attempt = open_attempt.hand, open_attempt.attempt
    _write_down(tx, hand, attempt, ended)
    hand.begun += attempt.started_at is None
    took = timedelta(seconds=ended.seconds)
    account = ledger.of_job(hand.job, hand.worker_class, at=ended.at)
    ledger.sessions_opened(tx, account, sessions=ended.sessions, took=took)
    if ended.seconds > 0 and ended.outcome.fault in {None, Fault.TEST}:
        learning.from_attempt(
            tx, hand.job.request, worker_class=hand.worker_class, took=took, verdict=ended.outcome.verdict
        )
    if ended.is_of_the_worker:
        tx.later("suspect_lease", token=attempt.lease)
    used = spent(tx, open_attempt, ended.outcome, project_retries=ended.project_retries)
    decide = retry.decide_last if hand.last_attempt else retry.decide
    decision = decide(ended.outcome, used, cancel_requested=hand.job.cancel_requested)
    match decision:
        case Final():
            moves.finish(
                tx,
                hand,
                decision,
                message=_said(ended.message, decision.because),
                proof=proof,
                own_result=ended.own_result,
            )
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
        loss=ended.outcome.loss,
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
        loss=ended.outcome.loss,
        message=ended.message,
        seconds=ended.seconds,
    )


def _said(message: str | None, because: str | None) -> str | None:
    """Put what the attempt said before what became of its job."""
    if not message or not because:
        return message or because
    end = "" if message.endswith((".", "!", "?")) else "."
    return f"{message}{end} {because}"
