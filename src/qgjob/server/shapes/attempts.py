"""Attempts with their cases and evidence, as shown."""

from qgjob.core.attempt import CaseResult
from qgjob.core.evidence import Evidence
from qgjob.server.shapes.runs import counts_shown
from qgjob.server.shapes.times import shown_if_any
from qgjob.service.ask import AttemptDetail
from qgjob.wire.jobs import AttemptShown, CaseShown, EvidenceShown


def attempt_shown(detail: AttemptDetail) -> AttemptShown:
    """Show an attempt with everything that is known of it."""
    attempt = detail.attempt
    return AttemptShown(
        attempt=attempt.number,
        worker_id=attempt.worker_id,
        worker_name=detail.worker_name,
        started_at=shown_if_any(attempt.started_at),
        ended_at=shown_if_any(attempt.ended_at),
        verdict=attempt.verdict,
        fault=attempt.fault,
        message=attempt.message,
        seconds=attempt.seconds,
        sessions=attempt.sessions,
        loss=attempt.loss,
        late=attempt.late,
        counts=counts_shown(attempt.counts),
        cases=[_case_shown(result) for result in detail.cases],
        evidence=[evidence_shown(evidence) for evidence in detail.evidence],
    )


def evidence_shown(evidence: Evidence) -> EvidenceShown:
    """Show one stored file."""
    return EvidenceShown(name=evidence.name, kind=evidence.kind, sha256=evidence.sha256, size_bytes=evidence.size_bytes)


def _case_shown(result: CaseResult) -> CaseShown:
    return CaseShown(
        case_id=result.case.case_id,
        title=result.case.title,
        file=result.case.file,
        line=result.case.line,
        status=result.status,
        expected=result.expected,
        seconds=result.seconds,
        errors=list(result.errors),
        session=result.session,
    )
