"""End a lease: what it did not finish goes back or is lost, and its worker is free."""

from collections.abc import Iterable

from qgjob.core.facts import FactKind
from qgjob.core.lease import HeldLease
from qgjob.core.retry import AttemptOutcome
from qgjob.core.words import Fault, RunId, Verdict
from qgjob.service.books import telling
from qgjob.service.jobs import moves, waiting
from qgjob.service.jobs.ending import Ended, end_attempt, lost
from qgjob.service.jobs.in_hand import OpenAttempt
from qgjob.service.leasing.conduct import look_at_worker
from qgjob.store import WORK, Transaction

_VERDICT_OF_INSTALL_FAULT = {
    Fault.APP: Verdict.APP_ERROR,
    Fault.CONFIGURATION: Verdict.CONFIGURATION_ERROR,
}


def release(
    tx: Transaction,
    lease: HeldLease,
    still_open: Iterable[OpenAttempt],
    *,
    because: str,
    runs: Iterable[RunId] | None = None,
) -> None:
    """End a lease in force that is locked, with what of it is still open. `because` is a sentence for people.

    `runs`: those that have jobs in it, where the caller knows.

    Attempts that had begun are lost to infrastructure. Jobs that had not go back free of charge, unless the lease got
    no further than an installation that failed: then that is what became of them.
    """
    suspect = lease.suspect
    for open_attempt in still_open:
        ended = _ended(tx, lease, open_attempt, because=because)
        if ended is None:
            moves.give_back(tx, open_attempt, reason=because, proof=lease.proof)
        else:
            end_attempt(tx, open_attempt, ended, proof=lease.proof)
            suspect = suspect or ended.is_of_the_worker
    tx.later("end_lease", token=lease.token, because=because, now=tx.now)
    tx.book("free_worker", lease.token, worker_id=lease.worker_id, token=lease.token, now=tx.now)
    waiting.serve_group(tx, lease.group_id, busy_until_at=lease.busy_until_at, servers=-1)
    telling.of_lease(
        tx, lease, telling.runs_of(tx, lease) if runs is None else runs, FactKind.LEASE_ENDED, reason=because
    )
    if suspect:
        look_at_worker(tx, lease)
    tx.touch(WORK)


def _ended(tx: Transaction, lease: HeldLease, open_attempt: OpenAttempt, *, because: str) -> Ended | None:
    """Say how an attempt ends with its lease; None: its job goes back."""
    if open_attempt.started_at is not None:
        return lost(tx.now, message=because)
    if lease.install_fault is None:
        return None
    verdict = _VERDICT_OF_INSTALL_FAULT.get(lease.install_fault, Verdict.INFRA_ERROR)
    outcome = AttemptOutcome(verdict=verdict, fault=lease.install_fault)
    return Ended(at=tx.now, outcome=outcome, message=lease.install_message)
