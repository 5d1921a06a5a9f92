"""Which files of a round are the evidence of which job, and what they are called there."""

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from qgjob.agent.delivery.uploads import EvidenceFile, EvidenceKind
from qgjob.agent.gateway import Session
from qgjob.agent.runner.files import RunFiles
from qgjob.agent.session.job_run import Evidence, JobRun
from qgjob.core.evidence import DEVICE_SCREEN, plain_name

_MOST_FILES_PER_JOB = 100


def evidence_of(run: JobRun, files: RunFiles, *, sessions: Sequence[Session], appium_log: Path) -> list[EvidenceFile]:
    """List the evidence of one job that was begun: what its whole process left, and what its own failures left."""
    job = run.job
    shared = [
        EvidenceFile(job=job, name="output.txt", kind=EvidenceKind.OUTPUT, path=files.output),
        EvidenceFile(job=job, name="report.json", kind=EvidenceKind.REPORT, path=files.report),
        EvidenceFile(job=job, name="blob-report.zip", kind=EvidenceKind.BLOB, path=files.blob / "report.zip"),
        EvidenceFile(job=job, name="appium.log", kind=EvidenceKind.APPIUM_LOG, path=appium_log),
    ]
    own = [*_attached(run, files), *_screenshots(run, sessions)]
    return [*shared, *own[:_MOST_FILES_PER_JOB]]


def _attached(run: JobRun, files: RunFiles) -> Iterator[EvidenceFile]:
    """What Playwright kept of failed cases; a file outside of the round's folder is none of ours."""
    numbers = count(1)
    for evidence in run.evidence:
        path = evidence.attachment.path
        if path is not None and path.resolve().is_relative_to(files.folder.resolve()):
            what = f"{plain_name(evidence.attachment.name)}{path.suffix}"
            name = f"{next(numbers):02d}-{plain_name(evidence.case.title)}-{what}"
            yield EvidenceFile(job=run.job, name=name, kind=_kind(evidence), path=path)


def _screenshots(run: JobRun, sessions: Sequence[Session]) -> Iterator[EvidenceFile]:
    numbers = count(1)
    for session in sessions:
        case = run.cases.get(session.case_id or "")
        if case is not None and session.screenshot is not None:
            name = f"{next(numbers):02d}-{plain_name(case.title)}-{DEVICE_SCREEN}"
            yield EvidenceFile(job=run.job, name=name, kind=EvidenceKind.SCREENSHOT, path=session.screenshot)


def _kind(evidence: Evidence) -> EvidenceKind:
    if evidence.attachment.name == "trace":
        return EvidenceKind.TRACE
    if evidence.attachment.content_type.startswith("image/"):
        return EvidenceKind.SCREENSHOT
    return EvidenceKind.ATTACHMENT
