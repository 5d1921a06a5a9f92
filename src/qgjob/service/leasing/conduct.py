"""How workers do: one that keeps losing its leases to infrastructure is kept from work, and comes back by itself."""

from qgjob.core.facts import Fact, FactKind
from qgjob.core.lease import HeldLease
from qgjob.core.quarantine import AttemptSeen, Conduct, after_lease
from qgjob.core.words import Fault, Loss, Verdict, WorkerId
from qgjob.service import find
from qgjob.store import Row, Transaction


def look_at_worker(tx: Transaction, lease: HeldLease) -> None:
    """Draw from a lease that has ended what it says of its worker."""
    tx.flush()
    before = find.worker(tx, lease.worker_id).conduct
    attempts = [_seen(row) for row in tx.rows("attempts_of_lease", lease=lease.token)]
    after = after_lease(before, attempts, now=tx.now)
    if after == before:
        return
    write_conduct(tx, lease.worker_id, after)
    if after.until_at is not None:
        data = {"until_at": after.until_at.isoformat(), "faults_in_a_row": after.faults_in_a_row}
        _tell(tx, lease.worker_id, FactKind.WORKER_QUARANTINED, **data, reason=after.reason)
    elif before.until_at is not None:
        _tell(tx, lease.worker_id, FactKind.WORKER_CLEARED, because="a test came to its end on it")


def write_conduct(tx: Transaction, worker_id: WorkerId, conduct: Conduct) -> None:
    """Keep how a worker does."""
    tx.book(
        "set_conduct",
        worker_id,
        worker_id=worker_id,
        faults_in_a_row=conduct.faults_in_a_row,
        quarantined_until_at=conduct.until_at,
        quarantine_reason=conduct.reason,
    )


def _seen(row: Row) -> AttemptSeen:
    return AttemptSeen(
        verdict=Verdict(row["verdict"]),
        fault=None if row["fault"] is None else Fault(row["fault"]),
        loss=None if row["loss"] is None else Loss(row["loss"]),
        message=row["message"],
    )


def _tell(tx: Transaction, worker_id: WorkerId, kind: FactKind, **data: object) -> None:
    tx.record(Fact(kind=kind, worker_id=worker_id, data=data))
