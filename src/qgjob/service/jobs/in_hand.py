"""Jobs in hand: locked, read once with all that moving them needs, and kept up to date here until the verb ends."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qgjob.core.attempt import Attempt, CaseResult
from qgjob.core.errors import NotFound
from qgjob.core.job import Job
from qgjob.core.lease import HeldLease
from qgjob.core.words import JobId, JobStatus
from qgjob.core.worker_class import WorkerClass, class_of_key
from qgjob.store import Row, Transaction
from qgjob.store.nouns import attempt_of, case_of, job_of
from qgjob.store.transaction import Value

_MOVED = (
    "number",
    "status",
    "verdict",
    "started_at",
    "completed_at",
    "worker_id",
    "lease",
    "retry_count",
    "infra_count",
    "result",
    "error_message",
    "passed",
    "failed",
    "flaky",
    "skipped",
    "not_run",
)
"""What of a job's row changes while the job is on its way."""


@dataclass(kw_only=True)
class JobInHand:
    """One job, as it was when it was taken in hand. `status` is what it is by now, `columns` what its row will be.

    `listing` is its entry on the list of what can be claimed. `begun` counts its attempts that have begun or came to a
    verdict, `unbegun` those that went back before they began. `worker_class`: as which its worker serves, where it has
    one. `executions` are all that count, of cases with their attempts. `retry_budget`: how many retries of failed tests
    its whole run may have; None: as many as each job. `last_attempt`: it is not tried again, its run was superseded.
    """

    job: Job
    listing: Row
    begun: int
    unbegun: int
    worker_class: WorkerClass | None
    retry_budget: int | None
    last_attempt: bool
    status: JobStatus
    columns: dict[str, Value]
    executions: list[tuple[int, CaseResult]] = field(default_factory=list)

    def executions_of(self, attempt: Attempt) -> list[CaseResult]:
        """List what one attempt executed."""
        return [result for number, result in self.executions if number == attempt.number]


@dataclass(kw_only=True)
class OpenAttempt:
    """An attempt that is not over, and its job."""

    hand: JobInHand
    attempt: Attempt


def take_job(tx: Transaction, job_id: JobId) -> JobInHand:
    """Take one job in hand. Raises NotFound in the words of protocol 1."""
    taken = take_jobs(tx, [job_id])
    if not taken:
        raise NotFound("Job not found")
    return taken[0]


def take_jobs(tx: Transaction, job_ids: Sequence[JobId]) -> list[JobInHand]:
    """Take jobs in hand, those of them that exist, in the order of their numbers."""
    if not job_ids:
        return []
    hands = {row["job_id"]: _hand(row) for row in tx.rows("jobs_in_hand", job_ids=job_ids)}
    for row in tx.rows("cases_of_jobs", job_ids=job_ids):
        hands[row["job_id"]].executions.append((row["attempt"], case_of(row)))
    return list(hands.values())


def open_attempts(tx: Transaction, lease: HeldLease) -> dict[JobId, OpenAttempt]:
    """Take in hand all that a lease has not brought to an end, in the order in which it should run.

    The lease is locked before: whoever locks both begins with the lease.
    """
    attempts = [attempt_of(row) for row in tx.rows("open_attempts", lease=lease.token)]
    hands = {hand.job.job_id: hand for hand in take_jobs(tx, [attempt.job_id for attempt in attempts])}
    return {attempt.job_id: OpenAttempt(hand=hands[attempt.job_id], attempt=attempt) for attempt in attempts}


def _hand(row: Row) -> JobInHand:
    job = job_of(row)
    return JobInHand(
        job=job,
        status=job.status,
        columns={name: row[name] for name in _MOVED},
        listing={
            "group_id": row["group_id"],
            "lane": row["lane"],
            "due_at": row["due_at"],
            "run_number": row["run_number"],
            "slow_us": -row["estimate_us"],
            "job_number": row["number"],
            "org_id": row["org_id"],
        },
        begun=row["begun"],
        unbegun=row["unbegun"],
        worker_class=None if row["worker_class"] is None else class_of_key(row["worker_class"]),
        retry_budget=row["retry_budget"],
        last_attempt=bool(row["last_attempt"]),
    )
