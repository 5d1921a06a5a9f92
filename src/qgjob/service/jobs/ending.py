"""End an attempt: its counts, the ledger, what it teaches about time, and what becomes of its job."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from qgjob.core import retry
from qgjob.core.attempt import count_cases
from qgjob.core.facts import FactKind
from qgjob.core.retry import Again, AttemptOutcome, Final
from qgjob.core.words import Fault, Loss, Proof, Verdict
from qgjob.service.books import learning, ledger
from qgjob.service.jobs import moves
from qgjob.service.jobs.budgets import spent
from qgjob.service.jobs.in_hand import OpenAttempt
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
    hand = open_attempt.hand
    _write_down(tx, open_attempt, ended)
    hand.begun += open_attempt.started_at is None
    took = timedelta(seconds=ended.seconds)
    ledger.sessions_opened(tx, hand.account(at=ended.at), sessions=ended.sessions, took=took)
    # what a grep picks is a part of what the test path holds, and says nothing of how long all of it takes
    if hand.grep is None and ended.seconds > 0 and ended.outcome.fault in {None, Fault.TEST}:
        learning.from_attempt(
            tx,
            org_id=hand.org_id,
            test_path=hand.test_path,
            target=hand.target,
            platform=hand.platform if hand.worker_class is None else hand.worker_class.platform,
            took=took,
            verdict=ended.outcome.verdict,
        )
    if ended.is_of_the_worker:
        tx.later("suspect_lease", token=open_attempt.lease)
    used = spent(tx, open_attempt, ended.outcome, project_retries=ended.project_retries)
    decide = retry.decide_last if hand.last_attempt else retry.decide
    decision = decide(ended.outcome, used, cancel_requested=hand.cancel_requested)
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
            moves.try_again(tx, open_attempt, decision, message=ended.message)
        case _:
            assert_never(decision)


def _write_down(tx: Transaction, open_attempt: OpenAttempt, ended: Ended) -> None:
    outcome, counts = ended.outcome, count_cases(open_attempt.executions())
    open_attempt.ended_at = ended.at
    open_attempt.verdict, open_attempt.fault, open_attempt.loss = outcome.verdict, outcome.fault, outcome.loss
    open_attempt.message = ended.message
    open_attempt.seconds, open_attempt.sessions = ended.seconds, ended.sessions
    open_attempt.passed, open_attempt.failed, open_attempt.flaky = counts.passed, counts.failed, counts.flaky
    open_attempt.skipped, open_attempt.not_run = counts.skipped, counts.not_run
    open_attempt.write(tx)
    open_attempt.hand.tell(
        tx,
        FactKind.ATTEMPT_ENDED,
        attempt=open_attempt.number,
        verdict=outcome.verdict,
        fault=outcome.fault,
        loss=outcome.loss,
        message=ended.message,
        seconds=ended.seconds,
    )


def _said(message: str | None, because: str | None) -> str | None:
    """Put what the attempt said before what became of its job."""
    if not message or not because:
        return message or because
    end = "" if message.endswith((".", "!", "?")) else "."
    return f"{message}{end} {because}"
