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
    for open_attempt in still_open:
        if open_attempt.attempt.started_at is not None:
            end_attempt(tx, open_attempt, lost(tx.now, message=because), proof=lease.proof)
        elif lease.install_fault is not None:
            end_attempt(tx, open_attempt, _not_installed(tx, lease, lease.install_fault), proof=lease.proof)
        else:
            moves.give_back(tx, open_attempt, reason=because, proof=lease.proof)
    tx.later("end_lease", token=lease.token, because=because, now=tx.now)
    tx.book("free_worker", worker_id=lease.worker_id, token=lease.token)
    waiting.serve_group(tx, lease.group_id, busy_until_at=lease.busy_until_at, servers=-1)
    telling.of_lease(
        tx, lease, telling.runs_of(tx, lease) if runs is None else runs, FactKind.LEASE_ENDED, reason=because
    )
    tx.touch(WORK)


def _not_installed(tx: Transaction, lease: HeldLease, fault: Fault) -> Ended:
    verdict = _VERDICT_OF_INSTALL_FAULT.get(fault, Verdict.INFRA_ERROR)
    outcome = AttemptOutcome(verdict=verdict, fault=fault)
    return Ended(at=tx.now, outcome=outcome, message=lease.install_message)
