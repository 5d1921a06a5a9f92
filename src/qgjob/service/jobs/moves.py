"""Move a job from state to state: the lifecycle's table, the job's row, the counters and the fact, always together."""

import json
from datetime import datetime, timedelta

from qgjob.core import lifecycle, retry
from qgjob.core.attempt import Attempt
from qgjob.core.facts import FactKind
from qgjob.core.job import Job
from qgjob.core.lifecycle import JobEvent
from qgjob.core.retry import Again, Final
from qgjob.core.words import Fault, JobStatus, OrgId
from qgjob.service.books import telling
from qgjob.service.jobs import waiting
from qgjob.service.jobs.result import job_result
from qgjob.service.jobs.waiting import Avoid
from qgjob.store import Transaction


def count(tx: Transaction, org_id: OrgId, status: JobStatus, jobs: int) -> None:
    """Keep the totals: an org has so many more (or fewer) jobs of this status."""
    tx.execute("count_jobs", org_id=org_id, status=status, jobs=jobs)


def start(tx: Transaction, job: Job, attempt: Attempt, *, at: datetime) -> None:
    """Begin: the runner has started on the job."""
    status = _move(tx, job, JobEvent.START)
    tx.execute("start_job", job_id=job.job_id, status=status, at=at, now=tx.now)
    tx.execute("start_attempt", job_id=job.job_id, number=attempt.number, at=at)
    telling.of_job(tx, job, FactKind.ATTEMPT_STARTED, attempt=attempt.number, test_path=job.request.test_path)


def give_back(tx: Transaction, job: Job, attempt: Attempt, *, reason: str) -> None:
    """Let a job that never began wait again, free of charge; or end it: as a person wishes, or as it came too often."""
    tx.execute("drop_attempt", job_id=job.job_id, number=attempt.number, message=reason, now=tx.now)
    times = tx.only("attempts_unbegun", job_id=job.job_id)["attempts"]
    decision = retry.decide_unbegun(times, cancel_requested=job.cancel_requested)
    if isinstance(decision, Final):
        never_began = f"It was given to workers {times} times and never began. The last time: {reason}"
        finish(tx, job, decision, message=None if job.cancel_requested else never_began)
        return
    _wait(tx, job, JobEvent.GIVE_BACK, message=job.error_message)
    _list_or_rest(tx, job, attempt, rest=decision)
    telling.of_job(tx, job, FactKind.JOB_RETURNED, attempt=attempt.number, reason=reason)


def try_again(tx: Transaction, job: Job, attempt: Attempt, again: Again, *, message: str | None) -> None:
    """Let a job wait for its next attempt, at first for another worker."""
    _wait(tx, job, JobEvent.TRY_AGAIN, spends=again.spends, message=message)
    due_at = tx.now + again.wait
    avoid = Avoid(worker_id=attempt.worker_id, until_at=due_at + again.avoid_worker_for)
    if again.wait:
        waiting.let_rest(tx, job, until_at=due_at, avoid=avoid)
    else:
        waiting.put_on_list(tx, job_id=job.job_id, group_id=job.group_id, avoid=avoid)
    telling.of_job(
        tx,
        job,
        FactKind.JOB_AGAIN,
        attempt=attempt.number,
        spends=again.spends,
        wait_s=again.wait.total_seconds(),
        message=message,
    )


def finish(tx: Transaction, job: Job, final: Final, *, message: str | None, own_result: object = None) -> None:
    """Give a job its final state. `own_result`: what a protocol-1 worker wants kept instead of our result."""
    status = _move(tx, job, lifecycle.event_of(final.verdict))
    ours, cases = job_result(tx, job, final, message=message)
    tx.execute(
        "end_job",
        job_id=job.job_id,
        status=status,
        verdict=final.verdict,
        result=json.dumps(ours if own_result is None else own_result),
        error_message=message,
        passed=cases.passed,
        failed=cases.failed,
        flaky=cases.flaky,
        skipped=cases.skipped,
        not_run=cases.not_run,
        now=tx.now,
    )
    telling.of_job(
        tx, job, FactKind.JOB_ENDED, status=status, verdict=final.verdict, message=message, cases=ours["cases"]
    )


def _list_or_rest(tx: Transaction, job: Job, attempt: Attempt, *, rest: timedelta) -> None:
    if not rest:
        waiting.put_on_list(tx, job_id=job.job_id, group_id=job.group_id)
        return
    due_at = tx.now + rest
    avoid = Avoid(worker_id=attempt.worker_id, until_at=due_at + retry.AVOID_WORKER_FOR)
    waiting.let_rest(tx, job, until_at=due_at, avoid=avoid)


def _wait(tx: Transaction, job: Job, event: JobEvent, *, message: str | None, spends: Fault | None = None) -> None:
    status = _move(tx, job, event)
    tx.execute(
        "job_waits",
        job_id=job.job_id,
        status=status,
        retry_count=job.retry_count + (spends is Fault.TEST),
        infra_count=job.infra_count + (spends is Fault.INFRASTRUCTURE),
        error_message=message,
        now=tx.now,
    )


def _move(tx: Transaction, job: Job, event: JobEvent) -> JobStatus:
    status = lifecycle.move(job.status, event)
    count(tx, job.request.org_id, job.status, -1)
    count(tx, job.request.org_id, status, 1)
    return status
