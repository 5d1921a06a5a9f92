"""Move a job from state to state: the lifecycle's table, the job's row, the counters and the fact, always together."""

from dataclasses import replace
from datetime import datetime, timedelta

from pydantic_core import to_json

from qgjob.core import lifecycle, retry
from qgjob.core.attempt import Attempt
from qgjob.core.facts import FactKind
from qgjob.core.lifecycle import JobEvent
from qgjob.core.retry import Again, Final
from qgjob.core.words import Fault, JobStatus, OrgId, Proof, RunId
from qgjob.service.books import telling
from qgjob.service.jobs import waiting
from qgjob.service.jobs.in_hand import JobInHand, OpenAttempt
from qgjob.service.jobs.result import job_result
from qgjob.service.jobs.waiting import Avoid
from qgjob.store import ENDS, Transaction
from qgjob.store.transaction import Value


def count(tx: Transaction, org_id: OrgId, status: JobStatus, jobs: int) -> None:
    """Keep the totals: an org has so many more (or fewer) jobs of this status."""
    tx.add("count_jobs", {"org_id": org_id, "status": status}, jobs=jobs)


def count_in_run(tx: Transaction, run_id: RunId, *, before: JobStatus, after: JobStatus, jobs: int = 1) -> None:
    """Keep the counts of a run: so many jobs of it have gone from one status to another."""
    waiting = (after is JobStatus.PENDING) - (before is JobStatus.PENDING)
    if waiting or after.is_final:
        ended, passed = jobs * after.is_final, jobs * (after is JobStatus.COMPLETED)
        tx.add("add_to_run", {"run_id": run_id}, waiting=waiting * jobs, ended=ended, passed=passed)


def start(tx: Transaction, open_attempt: OpenAttempt, *, at: datetime) -> None:
    """Begin: the runner has started on the job."""
    hand, attempt = open_attempt.hand, open_attempt.attempt
    _move(tx, hand, JobEvent.START, started_at=hand.columns["started_at"] or at)
    open_attempt.attempt = replace(attempt, started_at=at)
    write_attempt(tx, open_attempt.attempt)
    hand.begun += 1
    telling.of_job(tx, hand.job, FactKind.ATTEMPT_STARTED, attempt=attempt.number, test_path=hand.job.request.test_path)


def write_attempt(tx: Transaction, attempt: Attempt) -> None:
    """Write down an attempt as it is by now."""
    counts = attempt.counts
    tx.put(
        "move_attempt",
        f"{attempt.job_id}/{attempt.number}",
        job_id=attempt.job_id,
        number=attempt.number,
        started_at=attempt.started_at,
        ended_at=attempt.ended_at,
        verdict=attempt.verdict,
        fault=attempt.fault,
        loss=attempt.loss,
        message=attempt.message,
        seconds=attempt.seconds,
        sessions=attempt.sessions,
        passed=counts.passed,
        failed=counts.failed,
        flaky=counts.flaky,
        skipped=counts.skipped,
        not_run=counts.not_run,
    )


def give_back(tx: Transaction, open_attempt: OpenAttempt, *, reason: str, proof: Proof) -> None:
    """Let a job that never began wait again, free of charge; or end it: as a person wishes, or as it came too often."""
    hand, attempt = open_attempt.hand, open_attempt.attempt
    tx.later("drop_attempt", job_id=hand.job.job_id, number=attempt.number, message=reason, now=tx.now)
    hand.unbegun += 1
    stopping = hand.job.cancel_requested or hand.last_attempt
    decision = retry.decide_unbegun(hand.unbegun, cancel_requested=stopping)
    if isinstance(decision, Final):
        never_began = f"It was given to workers {hand.unbegun} times and never began. The last time: {reason}"
        finish(tx, hand, decision, message=None if stopping else never_began, proof=proof)
        return
    _wait(tx, hand, JobEvent.GIVE_BACK, message=hand.job.error_message)
    _list_or_rest(tx, hand, attempt, rest=decision)
    telling.of_job(tx, hand.job, FactKind.JOB_RETURNED, attempt=attempt.number, reason=reason)


def try_again(tx: Transaction, hand: JobInHand, attempt: Attempt, again: Again, *, message: str | None) -> None:
    """Let a job wait for its next attempt, at first for another worker."""
    _wait(tx, hand, JobEvent.TRY_AGAIN, spends=again.spends, message=message)
    due_at = tx.now + again.wait
    avoid = Avoid(worker_id=attempt.worker_id, until_at=due_at + again.avoid_worker_for)
    if again.wait:
        waiting.let_rest(tx, hand, until_at=due_at, avoid=avoid)
    else:
        waiting.put_on_list(tx, hand, avoid=avoid)
    if again.spends is Fault.TEST:
        tx.add("add_to_run", {"run_id": hand.job.run_id}, retries=1)
    telling.of_job(
        tx,
        hand.job,
        FactKind.JOB_AGAIN,
        attempt=attempt.number,
        spends=again.spends,
        wait_s=again.wait.total_seconds(),
        message=message,
    )


def finish(
    tx: Transaction, hand: JobInHand, final: Final, *, message: str | None, proof: Proof, own_result: object = None
) -> None:
    """Give a job its final state. `own_result`: what a protocol-1 worker wants kept instead of our result."""
    ours, cases = job_result(hand, final, message=message, proof=proof)
    _move(
        tx,
        hand,
        lifecycle.event_of(final.verdict),
        verdict=final.verdict,
        result=to_json(ours if own_result is None else own_result).decode(),
        error_message=message,
        completed_at=tx.now,
        lease=None,
        passed=cases.passed,
        failed=cases.failed,
        flaky=cases.flaky,
        skipped=cases.skipped,
        not_run=cases.not_run,
    )
    waiting.owe(tx, hand.job.group_id, hand.job.request.priority, jobs=-1, work_us=hand.listing["slow_us"])
    if hand.job.request.queue_timeout_s is not None:
        tx.later("drop_queue_limits", job_numbers=[hand.listing["job_number"]])
    tx.later("list_ended", org_id=hand.job.request.org_id, status=hand.status, job_number=hand.listing["job_number"])
    tx.touch(ENDS)
    telling.of_job(
        tx,
        hand.job,
        FactKind.JOB_ENDED,
        status=hand.status,
        verdict=final.verdict,
        message=message,
        cases=ours["cases"],
    )


def _list_or_rest(tx: Transaction, hand: JobInHand, attempt: Attempt, *, rest: timedelta) -> None:
    if not rest:
        waiting.put_on_list(tx, hand)
        return
    due_at = tx.now + rest
    avoid = Avoid(worker_id=attempt.worker_id, until_at=due_at + retry.AVOID_WORKER_FOR)
    waiting.let_rest(tx, hand, until_at=due_at, avoid=avoid)


def _wait(
    tx: Transaction, hand: JobInHand, event: JobEvent, *, message: str | None, spends: Fault | None = None
) -> None:
    _move(
        tx,
        hand,
        event,
        lease=None,
        worker_id=None,
        retry_count=hand.job.retry_count + (spends is Fault.TEST),
        infra_count=hand.job.infra_count + (spends is Fault.INFRASTRUCTURE),
        error_message=message,
    )


def _move(tx: Transaction, hand: JobInHand, event: JobEvent, **changes: Value) -> None:
    status = lifecycle.move(hand.status, event)
    count(tx, hand.job.request.org_id, hand.status, -1)
    count(tx, hand.job.request.org_id, status, 1)
    count_in_run(tx, hand.job.run_id, before=hand.status, after=status)
    hand.status = status
    hand.columns |= {"status": status, "updated_at": tx.now, **changes}
    tx.put("move_job", hand.listing["job_number"], **hand.columns)
