"""Events of a lease that is in force: each does to jobs, ledger and worker what it says happened."""

from typing import assert_never

from qgjob.core.attempt import Attempt
from qgjob.core.facts import FactKind
from qgjob.core.job import Job
from qgjob.core.lease import (
    AttemptEnded,
    AttemptEvent,
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
from qgjob.core.retry import AttemptOutcome
from qgjob.service import find
from qgjob.service.books import telling
from qgjob.service.jobs import moves
from qgjob.service.jobs.ending import Ended, end_attempt, lost
from qgjob.service.leasing.release import release
from qgjob.service.reporting import late
from qgjob.service.reporting.agent_time import happened_at
from qgjob.service.reporting.cases import case_ended, case_started
from qgjob.service.reporting.installs import install_done, install_failed
from qgjob.store import Transaction


def take_in(tx: Transaction, lease: HeldLease, event: LeaseEvent) -> None:
    """Let one event take effect; one that speaks of an attempt which has ended is kept as evidence instead.

    Raises InvalidRequest when it names a job or attempt that the lease never had.
    """
    match event:
        case InstallStarted():
            telling.of_lease(tx, lease, FactKind.INSTALL_STARTED)
        case InstallDone():
            install_done(tx, lease, event)
        case InstallFailed():
            install_failed(tx, lease, event)
        case LeaseEnded():
            release(tx, lease, because="its worker is done with it")
        case AttemptStarted() | CaseStarted() | CaseEnded() | AttemptEnded() | JobReturned():
            attempt = find.attempt_of_event(tx, lease, event)
            if attempt.ended_at is None:
                _take_in_of_job(tx, lease, find.job(tx, event.job_id), attempt, event)
            else:
                late.keep(tx, lease, event)
        case _:
            assert_never(event)


def _take_in_of_job(
    tx: Transaction,
    lease: HeldLease,
    job: Job,
    attempt: Attempt,
    event: AttemptEvent,
) -> None:
    match event:
        case AttemptStarted():
            if attempt.started_at is None:
                moves.start(tx, job, attempt, at=happened_at(tx, lease, event))
        case CaseStarted():
            case_started(tx, job, event)
        case CaseEnded():
            case_ended(tx, job, event)
        case AttemptEnded():
            end_attempt(tx, job, attempt, _ended(tx, lease, event))
        case JobReturned() if attempt.started_at is not None:
            end_attempt(tx, job, attempt, lost(tx.now, message=event.reason))
        case JobReturned():
            moves.give_back(tx, job, attempt, reason=event.reason)
        case _:
            assert_never(event)


def _ended(tx: Transaction, lease: HeldLease, event: AttemptEnded) -> Ended:
    return Ended(
        at=happened_at(tx, lease, event),
        outcome=AttemptOutcome(verdict=event.verdict, fault=event.fault),
        message=event.message,
        seconds=event.seconds,
        sessions=event.sessions,
        project_retries=event.project_retries,
    )
