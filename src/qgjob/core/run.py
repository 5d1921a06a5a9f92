"""A run: the jobs that were submitted together, and what they have come to so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from qgjob.core.attempt import CaseCounts
from qgjob.core.words import JobId, JobStatus, OrgId, RunId, Verdict


@dataclass(frozen=True, kw_only=True)
class Run:
    """`statuses` and `verdicts` count jobs and name only what occurs; `job_ids` are in the order of the request.

    `retries`: how many retries of failed tests its jobs have had together, of at most `retry_budget`; None: of as many
    as each job may have.
    """

    run_id: RunId
    org_id: OrgId
    created_at: datetime
    statuses: Mapping[JobStatus, int]
    verdicts: Mapping[Verdict, int]
    cases: CaseCounts
    job_ids: tuple[JobId, ...]
    retry_budget: int | None
    retries: int

    @property
    def status(self) -> JobStatus:
        """COMPLETED when every job is final, PENDING when none has been leased, else RUNNING."""
        if all(status.is_final for status in self.statuses):
            return JobStatus.COMPLETED
        return JobStatus.PENDING if set(self.statuses) == {JobStatus.PENDING} else JobStatus.RUNNING
