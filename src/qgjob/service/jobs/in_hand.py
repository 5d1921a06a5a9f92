"""Jobs in hand: locked, read once with all that moving them needs, and kept up to date here until the verb ends.

What is in hand is written by its fields: they are named as the columns of `move_job` and `move_attempt`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter

from qgjob.core.attempt import CaseResult
from qgjob.core.facts import Fact, FactKind
from qgjob.core.words import (
    AppVersionId,
    Fault,
    GroupId,
    JobId,
    JobStatus,
    LeaseToken,
    Loss,
    OrgId,
    Platform,
    Priority,
    RunId,
    Target,
    Verdict,
    WorkerId,
)
from qgjob.core.worker_class import WorkerClass, class_of_key
from qgjob.service.books import ledger
from qgjob.store import Row, Transaction
from qgjob.store.nouns import case_of, time_of


@dataclass(kw_only=True)
class JobInHand:
    """One job, as it is by now.

    `begun` counts its attempts that have begun or came to a verdict, `unbegun` those that went back before they began.
    `platform`: as it was asked for. `worker_class`: as which its worker serves, where it has one. `retry_budget`: how
    many retries of failed tests its whole run may have; None: as many as each job. `asked_retries`: what the job itself
    said of retries. `last_attempt`: it is not tried again, its run was superseded. `excused`: 0 from its end on, and 1
    where that is found under the turn. `result` is JSON text. Times are microseconds, as in its row. `executions` are
    all that count, of cases with their attempts.
    """

    number: int
    job_id: JobId
    run_id: RunId
    run_number: int
    group_id: GroupId
    org_id: OrgId
    app_version_id: AppVersionId
    test_path: str
    grep: str | None
    target: Target
    platform: Platform | None
    priority: Priority
    lane: int
    due_at: int
    estimate_us: int
    asked_retries: int | None
    max_retries: int
    retry_count: int
    infra_count: int
    timeout_s: float | None
    queue_timeout_s: float | None
    status: JobStatus
    updated_at: int
    started_at: int | None
    worker_id: WorkerId | None
    lease: LeaseToken | None
    result: str | None
    error_message: str | None
    cancel_requested: bool
    last_attempt: bool
    retry_budget: int | None
    begun: int
    unbegun: int
    worker_class: WorkerClass | None
    verdict: Verdict | None = None
    completed_at: int | None = None
    passed: int = 0
    failed: int = 0
    flaky: int = 0
    skipped: int = 0
    not_run: int = 0
    excused: int | None = None
    executions: list[tuple[int, CaseResult]] = field(default_factory=list)

    def place_on_list(self) -> Row:
        """Say where it stands on the list of what can be claimed, whenever it does."""
        return {
            "group_id": self.group_id,
            "lane": self.lane,
            "due_at": self.due_at,
            "run_number": self.run_number,
            "slow_us": -self.estimate_us,
            "job_number": self.number,
            "org_id": self.org_id,
        }

    def write(self, tx: Transaction) -> None:
        """Write it at the end of the verb, as it is then."""
        tx.put("move_job", self.number, vars(self))

    def account(self, *, at: datetime) -> ledger.Account:
        """Say where it is written down what its test did on its worker."""
        return ledger.of_run(
            self.run_id, org_id=self.org_id, app_version_id=self.app_version_id, worker_class=self.worker_class, at=at
        )

    def tell(self, tx: Transaction, kind: FactKind, **data: object) -> None:
        """Record a fact about it, and the worker that has it."""
        fact = Fact(
            kind=kind,
            org_id=self.org_id,
            run_id=self.run_id,
            job_id=self.job_id,
            worker_id=self.worker_id,
            data=data,
        )
        tx.record(fact)


@dataclass(kw_only=True)
class OpenAttempt:
    """An attempt that is not over, and its job."""

    hand: JobInHand
    job_id: JobId
    number: int
    lease: LeaseToken
    worker_id: WorkerId
    started_at: datetime | None
    ended_at: datetime | None = None
    verdict: Verdict | None = None
    fault: Fault | None = None
    loss: Loss | None = None
    message: str | None = None
    seconds: float = 0
    sessions: int = 0
    passed: int = 0
    failed: int = 0
    flaky: int = 0
    skipped: int = 0
    not_run: int = 0

    def executions(self) -> list[CaseResult]:
        """List what it executed."""
        return [result for number, result in self.hand.executions if number == self.number]

    def write(self, tx: Transaction) -> None:
        """Write it at the end of the verb, as it is then."""
        tx.put("move_attempt", (self.job_id, self.number), vars(self))


@dataclass(frozen=True, kw_only=True)
class OpenLease:
    """What a lease has open, in the order in which it should run.

    `runs`: those whose jobs it was given, where nobody has to be asked.
    """

    attempts: dict[JobId, OpenAttempt]
    runs: tuple[RunId, ...] | None


def take_jobs(tx: Transaction, job_ids: Sequence[JobId]) -> list[JobInHand]:
    """Take jobs in hand, those of them that exist, in the order of their numbers."""
    if not job_ids:
        return []
    hands = {row["job_id"]: _hand(row) for row in tx.rows("jobs_in_hand", job_ids=job_ids)}
    _deal_out(hands, tx.rows("cases_of_jobs", job_ids=job_ids))
    return list(hands.values())


def open_attempts(tx: Transaction, token: LeaseToken) -> dict[JobId, OpenAttempt]:
    """Take in hand all that a lease has not brought to an end, in the order in which it should run.

    The lease is locked before: whoever locks both begins with the lease.
    """
    return open_lease(tx.rows("open_jobs_in_hand", lease=token), tx.rows("cases_of_open_jobs", lease=token)).attempts


def open_lease(jobs: Sequence[Row], cases: Sequence[Row]) -> OpenLease:
    """Take in hand the rows of `open_jobs_in_hand` and `cases_of_open_jobs`, read when their lease had been locked."""
    hands = {row["job_id"]: _hand(row) for row in jobs}
    _deal_out(hands, cases)
    in_order = sorted(jobs, key=itemgetter("place"))
    whole = len(jobs) > 0 and jobs[0]["given"] == len(jobs)
    return OpenLease(
        attempts={row["job_id"]: _open_attempt(row, hands[row["job_id"]]) for row in in_order},
        runs=tuple(sorted({hand.run_id for hand in hands.values()})) if whole else None,
    )


def _deal_out(hands: dict[JobId, JobInHand], cases: Sequence[Row]) -> None:
    for row in cases:
        hands[row["job_id"]].executions.append((row["attempt"], case_of(row)))


def _open_attempt(row: Row, hand: JobInHand) -> OpenAttempt:
    return OpenAttempt(
        hand=hand,
        job_id=row["job_id"],
        number=row["attempt"],
        lease=row["lease"],
        worker_id=row["worker_id"],
        started_at=time_of(row["attempt_started_at"]),
    )


def _hand(row: Row) -> JobInHand:
    return JobInHand(
        number=row["number"],
        job_id=row["job_id"],
        run_id=row["run_id"],
        run_number=row["run_number"],
        group_id=row["group_id"],
        org_id=row["org_id"],
        app_version_id=row["app_version_id"],
        test_path=row["test_path"],
        grep=row["grep"],
        target=Target(row["target"]),
        platform=None if row["platform"] is None else Platform(row["platform"]),
        priority=Priority(row["priority"]),
        lane=row["lane"],
        due_at=row["due_at"],
        estimate_us=row["estimate_us"],
        asked_retries=row["asked_retries"],
        max_retries=row["max_retries"],
        retry_count=row["retry_count"],
        infra_count=row["infra_count"],
        timeout_s=row["timeout_s"],
        queue_timeout_s=row["queue_timeout_s"],
        status=JobStatus(row["status"]),
        updated_at=row["updated_at"],
        started_at=row["started_at"],
        worker_id=row["worker_id"],
        lease=row["lease"],
        result=row["result"],
        error_message=row["error_message"],
        cancel_requested=row["cancel_requested"],
        last_attempt=bool(row["last_attempt"]),
        retry_budget=row["retry_budget"],
        begun=row["begun"],
        unbegun=row["unbegun"],
        worker_class=None if row["worker_class"] is None else class_of_key(row["worker_class"]),
    )
