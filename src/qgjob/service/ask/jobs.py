"""Questions about jobs, their attempts and their runs."""

from dataclasses import dataclass

from qgjob.core.attempt import Attempt, CaseResult
from qgjob.core.evidence import Evidence
from qgjob.core.job import Job
from qgjob.core.run import Run
from qgjob.core.words import AppVersionId, JobId, JobStatus, OrgId, RunId
from qgjob.service.ask.page import Page
from qgjob.store import Transaction


@dataclass(frozen=True, kw_only=True)
class JobFilter:
    """None: any."""

    org_id: OrgId | None = None
    status: JobStatus | None = None
    app_version_id: AppVersionId | None = None


@dataclass(frozen=True, kw_only=True)
class AttemptDetail:
    """An attempt with everything that is known of it; cases in the order in which they ended."""

    attempt: Attempt
    worker_name: str
    cases: tuple[CaseResult, ...]
    evidence: tuple[Evidence, ...]


def job(tx: Transaction, *, job_id: JobId) -> Job:
    """One job as it stands. Raises NotFound."""
    raise NotImplementedError


def jobs(tx: Transaction, *, filters: JobFilter, limit: int, cursor: str | None = None) -> Page[Job]:
    """Jobs, oldest first. Raises InvalidRequest for a cursor that we did not give."""
    raise NotImplementedError


def run(tx: Transaction, *, run_id: RunId) -> Run:
    """One run as it stands. Raises NotFound."""
    raise NotImplementedError


def attempts(tx: Transaction, *, job_id: JobId) -> tuple[AttemptDetail, ...]:
    """The attempts of a job that began or ended with a verdict, oldest first. Raises NotFound for an unknown job."""
    raise NotImplementedError
