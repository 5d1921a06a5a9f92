"""Keep executions of cases, in time or late."""

import json

from qgjob.core.facts import FactKind
from qgjob.core.job import Job
from qgjob.core.lease import CaseEnded, CaseStarted, HeldLease
from qgjob.service.books import ledger
from qgjob.service.jobs.in_hand import JobInHand
from qgjob.service.reporting.agent_time import happened_at
from qgjob.store import Transaction


def case_started(tx: Transaction, hand: JobInHand, event: CaseStarted) -> None:
    """Tell that a case has begun; nothing is kept of it but that."""
    hand.tell(
        tx,
        FactKind.CASE_STARTED,
        attempt=event.attempt,
        case_id=event.case.case_id,
        title=event.case.title,
    )


def case_ended(tx: Transaction, lease: HeldLease, hand: JobInHand, event: CaseEnded) -> None:
    """Keep an execution that counts, and tell it."""
    _insert(tx, event, late=False)
    hand.executions.append((event.attempt, event.result))
    if event.result.session:
        ledger.case_with_session(tx, hand.account(at=happened_at(tx, lease, event)))
    hand.tell(
        tx,
        FactKind.CASE_ENDED,
        attempt=event.attempt,
        case_id=event.result.case.case_id,
        title=event.result.case.title,
        status=event.result.status,
        ok=event.result.ok,
        seconds=event.result.seconds,
    )


def case_ended_late(tx: Transaction, lease: HeldLease, job: Job, event: CaseEnded) -> None:
    """Keep an execution that counts for no verdict; the device did it all the same, so the ledger has it."""
    _insert(tx, event, late=True)
    if event.result.session:
        ledger.case_with_session(tx, ledger.of_job(job, lease.worker_class, at=happened_at(tx, lease, event)))


def _insert(tx: Transaction, event: CaseEnded, *, late: bool) -> None:
    result = event.result
    row = {
        "job_id": event.job_id,
        "attempt": event.attempt,
        "seq": event.seq,
        "case_id": result.case.case_id,
        "title": result.case.title,
        "file": result.case.file,
        "line": result.case.line,
        "select_line": result.case.select_line,
        "status": result.status,
        "expected": result.expected,
        "seconds": result.seconds,
        "errors": json.dumps(result.errors),
        "session": result.session,
        "late": late,
    }
    tx.put("insert_case", (event.job_id, event.attempt, event.seq), row)
