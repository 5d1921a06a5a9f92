"""Events that come too late: kept as evidence and in the ledger, since devices did those things. No verdict changes."""

from typing import assert_never

from qgjob.core.facts import FactKind
from qgjob.core.lease import (
    AttemptEnded,
    AttemptStarted,
    CaseEnded,
    CaseStarted,
    HeldLease,
    InstallDone,
    InstallFailed,
    InstallStarted,
    JobReturned,
    LeaseEnded,
    LeaseEvent,
)
from qgjob.service import find
from qgjob.service.books import ledger, telling
from qgjob.service.reporting.agent_time import happened_at
from qgjob.service.reporting.cases import case_ended_late
from qgjob.service.reporting.installs import keep_failed_install, keep_install
from qgjob.store import Transaction


def keep(tx: Transaction, lease: HeldLease, event: LeaseEvent) -> None:
    """Keep an event of a lease or an attempt that is over.

    Raises InvalidRequest when it names a job or attempt that the lease never had.
    """
    match event:
        case InstallDone():
            keep_install(tx, lease, event)
        case InstallFailed():
            keep_failed_install(tx, lease, event)
        case AttemptStarted() | AttemptEnded():
            _mark(tx, lease, event)
        case CaseEnded():
            _mark(tx, lease, event)
            case_ended_late(tx, lease, find.job(tx, event.job_id), event)
        case InstallStarted() | CaseStarted() | JobReturned() | LeaseEnded():
            pass  # says nothing that is not known or would matter
        case _:
            assert_never(event)


def _mark(tx: Transaction, lease: HeldLease, event: AttemptStarted | CaseEnded | AttemptEnded) -> None:
    """Mark the attempt, and tell once what its agent thought had become of it."""
    attempt = find.attempt_of_event(tx, lease, event)
    sessions = event.sessions if isinstance(event, AttemptEnded) else 0
    tx.later(
        "mark_late",
        job_id=event.job_id,
        number=attempt.number,
        sessions=sessions,
        started_at=happened_at(tx, lease, event),
    )
    job = find.job(tx, event.job_id)
    ledger.sessions_opened(
        tx, ledger.of_job(job, lease.worker_class, at=happened_at(tx, lease, event)), sessions=sessions
    )
    if isinstance(event, AttemptEnded):
        telling.of_job(tx, job, FactKind.LATE_REPORT, attempt=attempt.number, verdict=event.verdict)
