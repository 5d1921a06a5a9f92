"""Put right what time alone puts wrong: leases past their deadline, jobs that have waited out their backoff."""

from dataclasses import dataclass

from qgjob.service.jobs import waiting
from qgjob.service.jobs.in_hand import open_attempts
from qgjob.service.leasing.release import release
from qgjob.store import Transaction
from qgjob.store.nouns import lease_of

MOST_ENDED = 200


@dataclass(frozen=True, kw_only=True)
class Swept:
    """How many leases were ended and how many jobs are claimable again."""

    leases_ended: int
    jobs_woken: int


def sweep(tx: Transaction) -> Swept:
    """End expired leases and wake rested jobs, a bounded number at a time; see `service.attend`.

    A deadline that has passed ends nothing by itself: until a sweep sees it, its agent may still report or renew.
    """
    expired = [lease_of(row) for row in tx.rows("expired_leases", now=tx.now, limit=MOST_ENDED)]
    for lease in expired:
        still_open = open_attempts(tx, lease).values()
        release(tx, lease, still_open, because=f"its worker was not heard of until {lease.deadline_at:%H:%M:%S} UTC")
    return Swept(leases_ended=len(expired), jobs_woken=waiting.wake(tx))
