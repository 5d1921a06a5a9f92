"""End a lease: what it did not finish goes back or is lost, and its worker is free."""

from qgjob.core.facts import FactKind
from qgjob.core.lease import HeldLease
from qgjob.core.retry import AttemptOutcome
from qgjob.core.words import Fault, Verdict
from qgjob.service import find
from qgjob.service.books import telling
from qgjob.service.jobs import moves
from qgjob.service.jobs.ending import Ended, end_attempt, lost
from qgjob.store import WORK, Transaction
from qgjob.store.nouns import attempt_of

_VERDICT_OF_INSTALL_FAULT = {
    Fault.APP: Verdict.APP_ERROR,
    Fault.CONFIGURATION: Verdict.CONFIGURATION_ERROR,
}


def release(tx: Transaction, lease: HeldLease, *, because: str) -> None:
    """End a lease in force. `because` is a sentence for people.

    Attempts that had begun are lost to infrastructure. Jobs that had not go back free of charge, unless the lease got
    no further than an installation that failed: then that is what became of them.
    """
    for row in tx.rows("open_attempts", lease=lease.token):
        attempt = attempt_of(row)
        job = find.job(tx, attempt.job_id)
        if attempt.started_at is not None:
            end_attempt(tx, job, attempt, lost(tx.now, message=because))
        elif lease.install_fault is not None:
            end_attempt(tx, job, attempt, _not_installed(tx, lease, lease.install_fault))
        else:
            moves.give_back(tx, job, attempt, reason=because)
    tx.execute("end_lease", token=lease.token, because=because, now=tx.now)
    tx.execute("free_worker", worker_id=lease.worker_id, token=lease.token)
    tx.execute("leave_group", group_id=lease.group_id, busy_until_at=lease.busy_until_at)
    telling.of_lease(tx, lease, FactKind.LEASE_ENDED, reason=because)
    tx.touch(WORK)


def _not_installed(tx: Transaction, lease: HeldLease, fault: Fault) -> Ended:
    verdict = _VERDICT_OF_INSTALL_FAULT.get(fault, Verdict.INFRA_ERROR)
    outcome = AttemptOutcome(verdict=verdict, fault=fault)
    return Ended(at=tx.now, outcome=outcome, message=lease.install_message)
