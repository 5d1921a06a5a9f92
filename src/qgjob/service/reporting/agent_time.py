"""What to believe of an agent's clock: reports may come long after the fact, and clocks may be wrong."""

from datetime import datetime

from qgjob.core.lease import HeldLease, LeaseEvent
from qgjob.store import Transaction


def happened_at(tx: Transaction, lease: HeldLease, event: LeaseEvent) -> datetime:
    """Say when an event happened: as the agent says, but neither before its lease was granted nor in the future."""
    return min(max(event.at, lease.granted_at), tx.now)
