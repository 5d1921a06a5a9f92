"""Work that has just come is left to a worker that holds its app version already, where one is free."""

from collections.abc import Sequence
from datetime import timedelta

from qgjob.core.worker import Worker
from qgjob.store import Row, Transaction
from qgjob.store.clock import to_micros
from qgjob.store.nouns import wish_of, worker_of

COMES_WITHIN = timedelta(seconds=2)
"""A free worker of an agent that is there asks at once when work comes; nobody waits longer for it."""
LISTENS_WITHIN = timedelta(seconds=35)
"""A free worker that listens gives a sign of life with each of its long-polls, which last half a minute at most."""


def comes_for(tx: Transaction, worker: Worker, group: Row, jobs: Sequence[Row]) -> bool:
    """Whether another free worker would spare the installation that this one needs, and has hardly had time to ask."""
    if not jobs or jobs[0]["updated_at"] < to_micros(tx.now - COMES_WITHIN):
        return False
    free = tx.rows(
        "warm_workers",
        needs=group["needs"],
        but=worker.worker_id,
        org_id=group["org_id"],
        app_version_id=group["app_version_id"],
        seen_since_at=tx.now - LISTENS_WITHIN,
        now=tx.now,
    )
    wish = wish_of(jobs[0])
    return any(not wish.is_kept_from(worker_of(row, tx.now), others=[worker], now=tx.now) for row in free)
