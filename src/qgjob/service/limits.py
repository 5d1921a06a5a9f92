"""What has had its time: jobs that waited too long for a worker, and those that nobody ended when somebody should.

Agents end a job themselves that runs too long or is cancelled. Who does not, as a worker of the first generation or an
agent that hangs, loses its lease here.
"""

from dataclasses import dataclass
from datetime import timedelta

from qgjob.core.retry import AttemptOutcome
from qgjob.core.timing import OBEDIENCE
from qgjob.core.words import Fault, JobId, JobStatus, LeaseToken, Proof, Verdict
from qgjob.service import find
from qgjob.service.cancel import CANCELLED
from qgjob.service.jobs import moves, waiting
from qgjob.service.jobs.ending import Ended, end_attempt
from qgjob.service.jobs.in_hand import JobInHand, OpenAttempt, open_attempts, take_jobs
from qgjob.service.leasing.release import release
from qgjob.store import Row, Transaction
from qgjob.store.clock import from_micros
from qgjob.store.nouns import length_of

MOST_AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class TimedOut:
    """How many jobs had waited too long, and how many leases were ended over one that should have been ended."""

    waits: int = 0
    leases: int = 0


def keep_limits(tx: Transaction) -> TimedOut:
    """Cancel what has waited as long as it may, and end leases over what should have ended; so many at a time."""
    return TimedOut(waits=_give_up_waiting(tx), leases=_end_overdue(tx))


def _give_up_waiting(tx: Transaction) -> int:
    due = tx.rows("due_queue_limits", now=tx.now, limit=MOST_AT_ONCE)
    hands = {hand.number: hand for hand in take_jobs(tx, [row["job_id"] for row in due])}
    return sum(_look_at(tx, hands[row["job_number"]], length_of(row["limit_us"])) for row in due)


def _end_overdue(tx: Transaction) -> int:
    overdue = tx.rows("overdue_attempts", now=tx.now, obedience_us=OBEDIENCE, limit=MOST_AT_ONCE)
    return sum(_end_lease(tx, row) for row in overdue)


def _look_at(tx: Transaction, hand: JobInHand, limit: timedelta) -> bool:
    """Cancel a job if it waits too long; else say when to look again. Whether it was cancelled."""
    waits = hand.status is JobStatus.PENDING
    due_at = (from_micros(hand.updated_at) if waits else tx.now) + limit
    if not waits or due_at > tx.now:
        tx.later("move_queue_limit", job_number=hand.number, due_at=due_at)
        return False
    waiting.take_off(tx, hand)
    message = f"No worker took it within {limit.total_seconds():g} s, which is as long as it may wait."
    moves.finish(tx, hand, CANCELLED, message=message, proof=Proof.NONE)
    return True


def _end_lease(tx: Transaction, row: Row) -> bool:
    lease = find.locked_lease(tx, LeaseToken(row["lease"]))
    still_open = open_attempts(tx, lease.token) if lease.in_force else {}
    overdue = still_open.get(JobId(row["job_id"]))
    if overdue is None:
        return False
    if not overdue.hand.cancel_requested:
        del still_open[overdue.job_id]
        end_attempt(tx, overdue, _timed_out(tx, overdue), proof=lease.proof)
    release(tx, lease, still_open.values(), because="its worker did not end a job that it should have ended")
    return True


def _timed_out(tx: Transaction, overdue: OpenAttempt) -> Ended:
    began_at, limit_s = overdue.started_at, overdue.hand.timeout_s
    return Ended(
        at=tx.now,
        outcome=AttemptOutcome(verdict=Verdict.TIMED_OUT, fault=Fault.TEST),
        message=f"It was still running after its own limit of {limit_s or 0:g} s.",
        seconds=0 if began_at is None else (tx.now - began_at).total_seconds(),
    )
