"""Put right what time alone puts wrong: leases past their deadline, jobs that have waited out their backoff."""

from dataclasses import dataclass

from qgjob.store import Transaction


@dataclass(frozen=True, kw_only=True)
class Swept:
    """How many leases were ended and how many jobs are claimable again."""

    leases_ended: int
    jobs_woken: int


def sweep(tx: Transaction) -> Swept:
    """End expired leases and wake rested jobs, a bounded number at a time; to be called every few seconds.

    A deadline that has passed ends nothing by itself: until a sweep sees it, its agent may still report or renew.
    """
    raise NotImplementedError


def forgive(tx: Transaction) -> int:
    """Give every lease in force a whole lease length from now; how many. To be called once when a server starts.

    While the server was away nobody could renew: an agent that is still at work must not lose what it did.
    """
    raise NotImplementedError
