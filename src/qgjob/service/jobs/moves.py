"""Move a job from state to state: the lifecycle's table, the job's row, the counters and the fact, always together."""

from datetime import datetime, timedelta

from pydantic_core import to_json

from qgjob.core import lifecycle, retry
from qgjob.core.facts import FactKind
from qgjob.core.lifecycle import JobEvent
from qgjob.core.retry import Again, Final
from qgjob.core.words import Fault, JobStatus, OrgId, Proof, RunId
from qgjob.service.books import history
from qgjob.service.jobs import waiting
from qgjob.service.jobs.in_hand import JobInHand, OpenAttempt
from qgjob.service.jobs.result import job_result
from qgjob.service.jobs.waiting import Avoid
from qgjob.store import ENDS, Transaction
from qgjob.store.clock import to_micros


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
    hand = open_attempt.hand
    hand.started_at = hand.started_at or to_micros(at)
    hand.begun += 1
    open_attempt.started_at = at
    open_attempt.write(tx)
    _move(tx, hand, JobEvent.START)
    hand.tell(tx, FactKind.ATTEMPT_STARTED, attempt=open_attempt.number, test_path=hand.test_path)


def give_back(tx: Transaction, open_attempt: OpenAttempt, *, reason: str, proof: Proof) -> None:
    """Let a job that never began wait again, free of charge; or end it: as a person wishes, or as it came too often."""
    hand = open_attempt.hand
    tx.later("drop_attempt", job_id=hand.job_id, number=open_attempt.number, message=reason, now=tx.now)
    hand.unbegun += 1
    stopping = hand.cancel_requested or hand.last_attempt
    decision = retry.decide_unbegun(hand.unbegun, cancel_requested=stopping)
    if isinstance(decision, Final):
        never_began = f"It was given to workers {hand.unbegun} times and never began. The last time: {reason}"
        finish(tx, hand, decision, message=None if stopping else never_began, proof=proof)
        return
    hand.tell(tx, FactKind.JOB_RETURNED, attempt=open_attempt.number, reason=reason)
    _wait(tx, hand, JobEvent.GIVE_BACK)
    _list_or_rest(tx, open_attempt, rest=decision)


def try_again(tx: Transaction, open_attempt: OpenAttempt, again: Again, *, message: str | None) -> None:
    """Let a job wait for its next attempt, at first for another worker."""
    hand = open_attempt.hand
    hand.tell(
        tx,
        FactKind.JOB_AGAIN,
        attempt=open_attempt.number,
        spends=again.spends,
        wait_s=again.wait.total_seconds(),
        message=message,
    )
    hand.retry_count += again.spends is Fault.TEST
    hand.infra_count += again.spends is Fault.INFRASTRUCTURE
    hand.error_message = message
    _wait(tx, hand, JobEvent.TRY_AGAIN)
    due_at = tx.now + again.wait
    avoid = Avoid(worker_id=open_attempt.worker_id, until_at=due_at + again.avoid_worker_for)
    if again.wait:
        waiting.let_rest(tx, hand, until_at=due_at, avoid=avoid)
    else:
        waiting.put_on_list(tx, hand, avoid=avoid)
    if again.spends is Fault.TEST:
        tx.add("add_to_run", {"run_id": hand.run_id}, retries=1)


def finish(
    tx: Transaction, hand: JobInHand, final: Final, *, message: str | None, proof: Proof, own_result: object = None
) -> None:
    """Give a job its final state. `own_result`: what a protocol-1 worker wants kept instead of our result."""
    ours, cases = job_result(hand, final, message=message, proof=proof)
    hand.verdict = final.verdict
    hand.result = to_json(ours if own_result is None else own_result).decode()
    hand.error_message = message
    hand.completed_at = to_micros(tx.now)
    hand.lease = None
    hand.passed, hand.failed, hand.flaky = cases.passed, cases.failed, cases.flaky
    hand.skipped, hand.not_run = cases.skipped, cases.not_run
    hand.excused = 0
    history.job_ended(
        tx,
        number=hand.number,
        org_id=hand.org_id,
        app_version_id=hand.app_version_id,
        verdict=final.verdict,
        executions=[result for _, result in hand.executions],
    )
    _move(tx, hand, lifecycle.event_of(final.verdict))
    waiting.owe(tx, hand.group_id, hand.priority, jobs=-1, work_us=-hand.estimate_us)
    if hand.queue_timeout_s is not None:
        tx.later("drop_queue_limits", job_numbers=[hand.number])
    tx.put("list_ended", hand.number, {"org_id": hand.org_id, "status": hand.status, "job_number": hand.number})
    tx.touch(ENDS)
    hand.tell(
        tx,
        FactKind.JOB_ENDED,
        status=hand.status,
        verdict=final.verdict,
        message=message,
        cases=ours["cases"],
    )


def _list_or_rest(tx: Transaction, open_attempt: OpenAttempt, *, rest: timedelta) -> None:
    if not rest:
        waiting.put_on_list(tx, open_attempt.hand)
        return
    due_at = tx.now + rest
    avoid = Avoid(worker_id=open_attempt.worker_id, until_at=due_at + retry.AVOID_WORKER_FOR)
    waiting.let_rest(tx, open_attempt.hand, until_at=due_at, avoid=avoid)


def _wait(tx: Transaction, hand: JobInHand, event: JobEvent) -> None:
    hand.lease = hand.worker_id = None
    _move(tx, hand, event)


def _move(tx: Transaction, hand: JobInHand, event: JobEvent) -> None:
    before, hand.status = hand.status, lifecycle.move(hand.status, event)
    hand.updated_at = to_micros(tx.now)
    hand.write(tx)
    count(tx, hand.org_id, before, -1)
    count(tx, hand.org_id, hand.status, 1)
    count_in_run(tx, hand.run_id, before=before, after=hand.status)
