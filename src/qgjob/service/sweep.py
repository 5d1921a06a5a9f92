"""Put right what time alone puts wrong: leases past their deadline, waited out backoffs, runs that nobody joins."""

from dataclasses import dataclass
from datetime import timedelta

from qgjob.service.jobs import joining, waiting
from qgjob.service.jobs.in_hand import open_attempts
from qgjob.service.leasing.release import release
from qgjob.store import WORK, Transaction
from qgjob.store.nouns import lease_of

MOST_ENDED = 200
MOST_LATE = 200
LEAST_LATE = timedelta(seconds=30)
"""Nothing is looked at again sooner."""


@dataclass(frozen=True, kw_only=True)
class Swept:
    """How many leases were ended, how many jobs are claimable again, how many leases take longer than expected."""

    leases_ended: int
    jobs_woken: int
    leases_late: int = 0


def sweep(tx: Transaction) -> Swept:
    """End expired leases and wake rested jobs, a bounded number at a time; see `service.attend`.

    A deadline that has passed ends nothing by itself: until a sweep sees it, its agent may still report or renew.
    """
    expired = [lease_of(row) for row in tx.rows("expired_leases", now=tx.now, limit=MOST_ENDED)]
    for lease in expired:
        still_open = open_attempts(tx, lease.token).values()
        release(tx, lease, still_open, because=f"its worker was not heard of until {lease.deadline_at:%H:%M:%S} UTC")
    joining.close_runs(tx)
    return Swept(leases_ended=len(expired), jobs_woken=waiting.wake(tx), leases_late=_expect_later(tx))


def _expect_later(tx: Transaction) -> int:
    """Expect leases that should have been done by now to take as long again as they have taken.

    Else what waits behind a test that hangs would seem to be about to start, and no other worker would be given to it.
    """
    tx.flush()  # what has just been ended is not in force any more
    late = [lease_of(row) for row in tx.rows("late_leases", now=tx.now, limit=MOST_LATE)]
    for lease in late:
        expected_at = tx.now + max(tx.now - lease.granted_at, LEAST_LATE)
        tx.later("expect_end", token=lease.token, busy_until_at=expected_at)
        waiting.serve_group(tx, lease.group_id, busy_until_at=lease.busy_until_at, servers=-1)
        waiting.serve_group(tx, lease.group_id, busy_until_at=expected_at)
    if late:
        tx.touch(WORK)
    return len(late)
