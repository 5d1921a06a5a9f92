"""Workers of the first generation: they register, beat, and PUT what became of their one job."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from qgjob.core.errors import Conflict, FieldProblem, InvalidRequest
from qgjob.core.job import Job
from qgjob.core.lease import HeldLease
from qgjob.core.lifecycle import JobEvent, move
from qgjob.core.policy import SHIPPED, Rule
from qgjob.core.retry import AttemptOutcome
from qgjob.core.timing import PROTOCOL1_LEASE
from qgjob.core.words import Fault, JobId, JobStatus, Proof, Verdict, WorkerId, WorkerStatus
from qgjob.service import find
from qgjob.service.books import seen
from qgjob.service.books.holds import holds
from qgjob.service.jobs import moves, waiting
from qgjob.service.jobs.ending import Ended, end_attempt
from qgjob.service.jobs.in_hand import OpenAttempt, open_attempts
from qgjob.service.leasing.offer import offer
from qgjob.service.leasing.release import release
from qgjob.store import Transaction

_MOST_MESSAGE_CHARACTERS = 8000


@dataclass(frozen=True, kw_only=True)
class _Put:
    """What came with a PUT beside the status."""

    result: object
    error_message: str | None


@dataclass(frozen=True, kw_only=True)
class Beat:
    """What a worker is to do: run `next_job`, stop what it runs of `cancel`; nothing."""

    next_job: Job | None = None
    cancel: tuple[JobId, ...] = ()


def heartbeat(tx: Transaction, *, worker_id: WorkerId, rule: Rule = SHIPPED) -> Beat:
    """Take a sign of life, renew the worker's lease, and answer with the job that it should run, if any.

    The same job comes back until it is PUT to another status; none while one runs. The lease of a job that a person
    wants stopped is renewed no more: if its worker does not end it, time will. Raises NotFound. A verb for
    `Store.decide`.
    """
    tx.settle()
    worker = find.worker(tx, worker_id)
    if worker.agent_id is not None:
        return Beat()  # its agent speaks for it
    seen.protocol1_worker(tx, worker_id)
    waiting.wake(tx)
    job = _job_at_hand(tx, worker_id) or _next_job(tx, worker_id, rule)
    if job is None:
        return Beat()
    if job.cancel_requested:
        return Beat(cancel=(job.job_id,))
    return Beat(next_job=job if job.status is JobStatus.QUEUED else None)


def change_job(
    tx: Transaction,
    *,
    job_id: JobId,
    status: str | None = None,
    worker_id: WorkerId | None = None,
    result: object = None,
    error_message: str | None = None,
) -> Job:
    """Take what a worker PUTs of the job it holds; the job as it then stands (`failed` may be pending again: a retry).

    Raises NotFound; InvalidRequest for an unknown status; Conflict when this worker does not hold the job's lease (or
    `worker_id` is left out and it is not the job's first), or the lifecycle has no such move. Nothing is changed then.
    """
    asked = None if status is None else _status(status)
    lease = _held_lease(tx, find.job(tx, job_id), worker_id)
    put = _Put(result=result, error_message=None if error_message is None else _shortened(error_message))
    open_attempt = open_attempts(tx, lease.token)[job_id]
    status_now = open_attempt.hand.status
    wanted = asked or status_now
    if wanted is status_now:
        _note(tx, job_id, put)
    else:
        _change(tx, open_attempt, lease, wanted, put)
    tx.flush()
    return find.job(tx, job_id)


def _job_at_hand(tx: Transaction, worker_id: WorkerId) -> Job | None:
    """Renew the worker's lease and find its job; one that a person wants stopped before it began ends here."""
    held = tx.only("worker_by_id", worker_id=worker_id)["lease"]
    if held is None:
        return None
    lease = find.locked_lease(tx, held)
    (open_attempt,) = open_attempts(tx, lease.token).values()
    hand = open_attempt.hand
    if hand.cancel_requested and hand.status is JobStatus.QUEUED:
        release(tx, lease, [open_attempt], because="its job was cancelled before it began")
        return None
    if not hand.cancel_requested:
        tx.execute("prolong_lease", token=held, deadline_at=tx.now + PROTOCOL1_LEASE)
    return find.job(tx, hand.job_id)


def _next_job(tx: Transaction, worker_id: WorkerId, rule: Rule) -> Job | None:
    """Lease one job to a free worker. What it installs for it nobody proves, but the next job may as well fit it."""
    tx.settle()
    worker = find.worker(tx, worker_id)
    if worker.status is WorkerStatus.BUSY:
        return None
    lease = offer(tx, worker, lasts=PROTOCOL1_LEASE, most_jobs=1, rule=rule, protocol=1)
    if lease is None:
        return None
    holds(
        tx,
        worker_id,
        org_id=lease.org_id,
        app_version_id=lease.app_version_id,
        sha256=None,
        package=None,
        proof=Proof.NONE,
        at=tx.now,
    )
    return find.job(tx, lease.jobs[0].job_id)


def _status(text: str) -> JobStatus:
    try:
        return JobStatus(text)
    except ValueError:
        legal = ", ".join(JobStatus)
        problem = FieldProblem(field="status", message=f"{text[:100]!r} is none of: {legal}")
        raise InvalidRequest(f"status: {problem.message}", [problem]) from None


def _shortened(message: str) -> str:
    """Keep both ends of a long message: some traces say what went wrong at the top, some at the bottom."""
    if len(message) <= _MOST_MESSAGE_CHARACTERS:
        return message
    half = _MOST_MESSAGE_CHARACTERS // 2
    return f"{message[:half]}\n… {len(message) - 2 * half} characters left out …\n{message[-half:]}"


def _held_lease(tx: Transaction, job: Job, worker_id: WorkerId | None) -> HeldLease:
    """Find the lease that gives this worker the right to speak for the job."""
    if job.lease is None:
        raise Conflict(
            f"Job {job.job_id} is {job.status} and leased to no worker: only the worker that runs it reports."
        )
    lease = find.locked_lease(tx, job.lease)
    if not lease.in_force:
        raise Conflict(f"The lease of job {job.job_id} has ended meanwhile: its worker was not heard of in time.")
    first_of_protocol1 = worker_id is None and lease.agent_id is None and job.attempt == 1
    if not first_of_protocol1 and (lease.agent_id is not None or lease.worker_id != worker_id):
        raise Conflict(f"Job {job.job_id} is leased to {lease.worker_id}, not to {worker_id or 'an unnamed worker'}.")
    return lease


def _change(tx: Transaction, open_attempt: OpenAttempt, lease: HeldLease, wanted: JobStatus, put: _Put) -> None:
    hand = open_attempt.hand
    match wanted:
        case JobStatus.RUNNING:
            moves.start(tx, open_attempt, at=tx.now)
            _note(tx, hand.job_id, put)
        case JobStatus.PENDING | JobStatus.QUEUED:
            move(hand.status, JobEvent.GIVE_BACK if wanted is JobStatus.PENDING else JobEvent.LEASE)
            release(tx, lease, [open_attempt], because="its worker gave the job back")
        case JobStatus.COMPLETED:
            _end(tx, open_attempt, lease, AttemptOutcome(verdict=Verdict.PASSED, fault=None), put)
        case JobStatus.FAILED:
            _end(tx, open_attempt, lease, AttemptOutcome(verdict=Verdict.FAILED, fault=Fault.TEST), put)
        case JobStatus.CANCELLED:
            hand.cancel_requested = True
            _end(tx, open_attempt, lease, AttemptOutcome(verdict=Verdict.CANCELLED, fault=None), put)
        case _:
            assert_never(wanted)


def _end(tx: Transaction, open_attempt: OpenAttempt, lease: HeldLease, outcome: AttemptOutcome, put: _Put) -> None:
    """End the attempt, and with it the lease: one job at a time."""
    began_at = open_attempt.started_at
    took = timedelta(0) if began_at is None else tx.now - began_at
    ended = Ended(
        at=tx.now,
        outcome=outcome,
        message=put.error_message,
        seconds=took.total_seconds(),
        own_result=put.result,
    )
    end_attempt(tx, open_attempt, ended, proof=lease.proof)
    release(tx, lease, [], because="its worker is done with it")


def _note(tx: Transaction, job_id: JobId, put: _Put) -> None:
    result = None if put.result is None else json.dumps(put.result)
    tx.later("note_on_job", job_id=job_id, result=result, error_message=put.error_message, now=tx.now)
