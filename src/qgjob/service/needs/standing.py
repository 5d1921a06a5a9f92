"""Whether anybody serves a requirement now, and if not, why: cheap while somebody does."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import assert_never

from qgjob.core.requirement import Requirement
from qgjob.core.timing import PROTOCOL1_LEASE, SILENT_AFTER
from qgjob.core.unmet import Availability, Unserved, WorkersAlike, why_nobody
from qgjob.core.words import WorkerId, WorkerStatus
from qgjob.core.worker import Worker
from qgjob.store import Transaction
from qgjob.store.nouns import requirement_of, traits_of, worker_of

MOST_COUNTED = 5000
"""The newest of those that ever met a requirement: enough for any farm, whoever registered and never came back."""
MOST_KINDS = 200
"""Different devices that are looked at to say why none of them will do."""
MOST_CALLED = 20


def needs_met(tx: Transaction, worker_id: WorkerId) -> list[str]:
    """List the requirements that a worker meets and for which something waits."""
    return [row["needs"] for row in tx.rows("needs_met", worker_id=worker_id)]


def workers_up(tx: Transaction, needs: str) -> int:
    """Count the workers that meet a requirement and can be counted on: heard of lately, neither draining nor ill."""
    return workers_up_each(tx, [needs])[needs]


def workers_up_each(tx: Transaction, needs: Collection[str]) -> Mapping[str, int]:
    """Count them for several requirements, by their keys, at once."""
    distinct = sorted(set(needs))
    times = {"now": tx.now, **_lately(tx.now)}
    answers = tx.rows_each("workers_up", [{"needs": each, "most": MOST_COUNTED, **times} for each in distinct])
    return {each: row["workers"] for each, (row,) in zip(distinct, answers, strict=True)}


def workers_that_would(tx: Transaction, requirement: Requirement) -> int:
    """Count them for a requirement that no job may have had yet."""
    up = workers_up(tx, requirement.key)
    return up or sum(
        each.workers
        for each in _comparable(tx, requirement)
        if each.availability is Availability.UP and requirement.is_met_by(each.traits)
    )


def unserved(tx: Transaction, needs: Collection[str]) -> Mapping[str, Unserved]:
    """Say of these known requirements, by their keys, which nobody serves and why: one look-up for those served."""
    without = [each for each, up in workers_up_each(tx, needs).items() if up == 0]
    if not without:
        return {}
    fleet = _fleet(tx)
    requirements = [requirement_of(row) for row in tx.rows("known_requirements", needs=without)]
    reasons = {requirement.key: _why(tx, requirement, fleet) for requirement in requirements}
    return {each: reason for each, reason in reasons.items() if reason is not None}


def why_unserved(tx: Transaction, requirement: Requirement) -> Unserved | None:
    """Say why nobody serves a requirement, also one that no job has had yet; None: somebody does."""
    if workers_up(tx, requirement.key):
        return None
    return why_nobody(requirement, _comparable(tx, requirement))


def _comparable(tx: Transaction, requirement: Requirement) -> Sequence[WorkersAlike]:
    return _fleet(tx) if requirement.device is None else _called(tx, requirement.device)


def _why(tx: Transaction, requirement: Requirement, fleet: Sequence[WorkersAlike]) -> Unserved | None:
    return why_nobody(requirement, fleet if requirement.device is None else _called(tx, requirement.device))


def _fleet(tx: Transaction) -> Sequence[WorkersAlike]:
    """Sum up who there is; what each is called is left out."""
    rows = tx.rows("workers_alike", now=tx.now, most=MOST_COUNTED, most_kinds=MOST_KINDS, **_lately(tx.now))
    return [
        WorkersAlike(traits=traits_of(row), availability=Availability(row["availability"]), workers=row["workers"])
        for row in rows
    ]


def _called(tx: Transaction, name: str) -> Sequence[WorkersAlike]:
    workers = [worker_of(row, tx.now) for row in tx.rows("workers_called", name=name, most=MOST_CALLED)]
    return [WorkersAlike(traits=worker.traits, availability=_availability(worker)) for worker in workers]


def _availability(worker: Worker) -> Availability:
    match worker.status:
        case WorkerStatus.IDLE | WorkerStatus.BUSY:
            return Availability.UP
        case WorkerStatus.OFFLINE:
            return Availability.OFFLINE
        case WorkerStatus.DRAINING:
            return Availability.DRAINING
        case WorkerStatus.QUARANTINED:
            return Availability.QUARANTINED
        case _:
            assert_never(worker.status)


def _lately(now: datetime) -> dict[str, datetime]:
    """Say since when a worker must have been heard of: those of protocol 1 beat when they like."""
    return {"agents_since_at": now - SILENT_AFTER, "protocol1_since_at": now - PROTOCOL1_LEASE}
