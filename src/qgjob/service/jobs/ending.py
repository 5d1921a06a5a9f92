"""End an attempt: its counts, the ledger, what it teaches about time, and what becomes of its job."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from qgjob.core import retry
from qgjob.core.attempt import Attempt, count_cases
from qgjob.core.facts import FactKind
from qgjob.core.job import MOST_RETRIES, Job
from qgjob.core.retry import Again, AttemptOutcome, Final, Spent
from qgjob.core.words import Fault, Verdict
from qgjob.service.books import learning, ledger, telling
from qgjob.service.jobs import moves
from qgjob.store import Transaction
from qgjob.store.nouns import case_of


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


def end_attempt(tx: Transaction, job: Job, attempt: Attempt, ended: Ended) -> None:
    """End an attempt that is still open, and move its job on."""
    _write_down(tx, job, attempt, ended)
    ledger.add(tx, job.request.org_id, sessions=ended.sessions, test_time=timedelta(seconds=ended.seconds))
    if ended.seconds > 0 and ended.outcome.fault in {None, Fault.TEST}:
        learning.from_attempt(tx, job.request, took=timedelta(seconds=ended.seconds), verdict=ended.outcome.verdict)
    decision = retry.decide(
        ended.outcome, _spent(tx, job, ended.project_retries), cancel_requested=job.cancel_requested
    )
    match decision:
        case Final():
            moves.finish(tx, job, decision, message=ended.message, own_result=ended.own_result)
        case Again():
            moves.try_again(tx, job, attempt, decision, message=ended.message)
        case _:
            assert_never(decision)


def _write_down(tx: Transaction, job: Job, attempt: Attempt, ended: Ended) -> None:
    rows = tx.rows("cases_of_attempt", job_id=job.job_id, attempt=attempt.number)
    counts = count_cases(case_of(row) for row in rows)
    tx.execute(
        "end_attempt",
        job_id=job.job_id,
        number=attempt.number,
        at=ended.at,
        verdict=ended.outcome.verdict,
        fault=ended.outcome.fault,
        message=ended.message,
        seconds=ended.seconds,
        sessions=ended.sessions,
        passed=counts.passed,
        failed=counts.failed,
        flaky=counts.flaky,
        skipped=counts.skipped,
        not_run=counts.not_run,
    )
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
        tx.execute("set_max_retries", job_id=job.job_id, max_retries=max_retries)
    return Spent(test_retries=job.retry_count, infrastructure=job.infra_count, max_retries=max_retries)
