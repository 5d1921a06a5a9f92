"""Events of a lease that is in force: each does to jobs, ledger and worker what it says happened."""

from typing import assert_never

from qgjob.core.facts import FactKind
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
from qgjob.service.jobs import moves
from qgjob.service.jobs.ending import Ended, end_attempt, lost
from qgjob.service.jobs.in_hand import OpenAttempt
from qgjob.service.leasing.release import release
from qgjob.service.reporting import late
from qgjob.service.reporting.agent_time import happened_at
from qgjob.service.reporting.cases import case_ended, case_started
from qgjob.service.reporting.hearing import Hearing
from qgjob.service.reporting.installs import install_done, install_failed
from qgjob.store import Transaction


def take_in(tx: Transaction, hearing: Hearing, event: LeaseEvent) -> None:
    """Let one event take effect; one that speaks of an attempt which has ended is kept as evidence instead.

    Raises InvalidRequest when it names a job or attempt that the lease never had.
    """
    match event:
        case InstallStarted():
            hearing.tell(tx, FactKind.INSTALL_STARTED)
        case InstallDone():
            install_done(tx, hearing, event)
        case InstallFailed():
            install_failed(tx, hearing, event)
        case LeaseEnded():
            because = "its worker is done with it"
            release(tx, hearing.lease, hearing.still_open.values(), because=because, runs=hearing.runs(tx))
            hearing.still_open.clear()
        case AttemptStarted() | CaseStarted() | CaseEnded() | AttemptEnded() | JobReturned():
            open_attempt = hearing.open_attempt(tx, event)
            if open_attempt is None:
                tx.flush()  # the attempt may have ended by an event of this very report
                late.keep(tx, hearing.lease, event)
            else:
                _take_in_of_job(tx, hearing, open_attempt, event)
        case _:
            assert_never(event)


def _take_in_of_job(tx: Transaction, hearing: Hearing, open_attempt: OpenAttempt, event: AttemptEvent) -> None:
    lease, begun = hearing.lease, open_attempt.started_at is not None
    match event:
        case AttemptStarted():
            if not begun:
                moves.start(tx, open_attempt, at=happened_at(tx, lease, event))
        case CaseStarted():
            case_started(tx, open_attempt.hand, event)
        case CaseEnded():
            case_ended(tx, lease, open_attempt.hand, event)
        case AttemptEnded():
            ended = _ended(tx, lease, event)
            end_attempt(tx, open_attempt, ended, proof=lease.proof)
            hearing.close(open_attempt, ended)
        case JobReturned() if begun:
            ended = lost(tx.now, message=event.reason)
            end_attempt(tx, open_attempt, ended, proof=lease.proof)
            hearing.close(open_attempt, ended)
        case JobReturned():
            moves.give_back(tx, open_attempt, reason=event.reason, proof=lease.proof)
            hearing.close(open_attempt)
        case _:
            assert_never(event)


def _ended(tx: Transaction, lease: HeldLease, event: AttemptEnded) -> Ended:
    return Ended(
        at=happened_at(tx, lease, event),
        outcome=AttemptOutcome(verdict=event.verdict, fault=event.fault, loss=event.loss),
        message=event.message,
        seconds=event.seconds,
        sessions=event.sessions,
        project_retries=event.project_retries,
    )
