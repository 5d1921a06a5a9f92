"""A run: the jobs that were submitted together, and what they have come to so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from qgjob.core.attempt import CaseCounts
from qgjob.core.words import JobId, JobStatus, OrgId, RunId, Verdict


@dataclass(frozen=True, kw_only=True)
class Run:
    """`statuses` and `verdicts` count jobs and name only what occurs; `job_ids` are in the order of the request.

    `excused`: those of its `verdicts` that decide nothing, since muted cases alone made them what they are.
    `cases`: what they came to, in jobs that still go what they have come to so far.

    `retries`: how many retries of failed tests its jobs have had together, of at most `retry_budget`; None: of as many
    as each job may have. `supersede`: the key under which it took the place of older runs; `superseded_by`: the run
    that took its own.
    """

    run_id: RunId
    org_id: OrgId
    created_at: datetime
    statuses: Mapping[JobStatus, int]
    verdicts: Mapping[Verdict, int]
    excused: Mapping[Verdict, int]
    cases: CaseCounts
    job_ids: tuple[JobId, ...]
    retry_budget: int | None
    retries: int
    supersede: str | None
    superseded_by: RunId | None

    @property
    def status(self) -> JobStatus:
        """COMPLETED when every job is final, PENDING while all of them wait, else RUNNING."""
        jobs = sum(self.statuses.values())
        ended = sum(count for status, count in self.statuses.items() if status.is_final)
        return _status(jobs=jobs, waiting=self.statuses.get(JobStatus.PENDING, 0), ended=ended)


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """A run in a list. Of its `jobs` so many are pending, so many final, and of these so many have passed."""

    run_id: RunId
    org_id: OrgId
    created_at: datetime
    jobs: int
    waiting: int
    ended: int
    passed: int
    supersede: str | None
    superseded_by: RunId | None

    @property
    def status(self) -> JobStatus:
        """As that of the run itself."""
        return _status(jobs=self.jobs, waiting=self.waiting, ended=self.ended)


def _status(*, jobs: int, waiting: int, ended: int) -> JobStatus:
    if ended == jobs:
        return JobStatus.COMPLETED
    return JobStatus.PENDING if waiting == jobs else JobStatus.RUNNING
